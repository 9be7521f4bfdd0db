import { Agent, interceptors, request, fetch as undiciFetch } from 'undici';
import { describe, expect, test } from 'vitest';
import { createFakeKis } from '../src/index.ts';
import { KEYS, PRICE } from './calls.ts';

const URL_OF = (path: string): string => `https://openapi.koreainvestment.com:9443${path}`;
const BODY = JSON.stringify({ grant_type: 'client_credentials', ...KEYS });

describe('the dispatcher', () => {
  test('answers undici’s request, with its query and its list of headers', async () => {
    const { dispatcher, log } = createFakeKis({ symbols: 3 });
    const issued = await request(URL_OF('/oauth2/tokenP'), { dispatcher, method: 'POST', body: Buffer.from(BODY) });
    expect(issued.statusCode).toBe(200);
    const { access_token } = (await issued.body.json()) as { access_token: string };
    const headers = [
      'tr_id',
      'FHKST01010100',
      'authorization',
      `Bearer ${access_token}`,
      ...Object.entries(KEYS).flat(),
    ];
    const query = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930' };
    const quote = await request(URL_OF(PRICE), { dispatcher, headers, query });
    expect(quote.headers.tr_id).toBe('FHKST01010100');
    expect(await quote.body.json()).toMatchObject({ rt_cd: '0' });
    expect(log()).toMatchObject({ calls: 1, connections: 0 });
  });

  test('answers undici’s fetch and Node’s own', async () => {
    const { dispatcher } = createFakeKis({ symbols: 3, issueIntervalMs: 0 });
    const init = { dispatcher, method: 'POST', body: BODY };
    for (const ask of [undiciFetch, fetch as unknown as typeof undiciFetch]) {
      const response = await ask(URL_OF('/oauth2/tokenP'), init);
      expect(await response.json()).toMatchObject({ token_type: 'Bearer' });
    }
  });

  test('answers as a server does for a path that begins with two slashes, and for a GET with a body', async () => {
    const { dispatcher, log } = createFakeKis({ symbols: 3 });
    const init = { dispatcher, method: 'GET', body: BODY } as const;
    expect((await request(URL_OF('//uapi/x?y'), init)).statusCode).toBe(404);
    expect((await request(URL_OF('/uapi/x'), init)).statusCode).toBe(500);
    expect(log().entries.map(({ path }) => path)).toEqual(['//uapi/x', '/uapi/x']);
  });

  test('can be composed with interceptors', async () => {
    const fake = createFakeKis({ symbols: 3 });
    fake.control({ failNext: { count: 1, status: 503 } });
    const dispatcher = fake.dispatcher.compose(interceptors.retry({ minTimeout: 1, methods: ['GET'] }));
    const { statusCode } = await request(URL_OF('/nothing'), { dispatcher });
    expect(statusCode).toBe(404);
  });

  test('fails as a socket does when the call is cut', async () => {
    const { dispatcher, control } = createFakeKis({ symbols: 3 });
    control({ failNext: { count: 2, cut: 'after' } });
    const init = { dispatcher, method: 'POST', body: BODY } as const;
    await expect(request(URL_OF('/oauth2/tokenP'), init)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
    await expect(undiciFetch(URL_OF('/oauth2/tokenP'), init)).rejects.toThrow('fetch failed');
  });

  test('obeys an abort, before the answer and in the middle of a body that never ends', async () => {
    const { dispatcher, control } = createFakeKis({ symbols: 3, tokenLatencyMs: 20, issueIntervalMs: 0 });
    const init = { dispatcher, method: 'POST', body: BODY } as const;
    const early = new AbortController();
    const answer = request(URL_OF('/oauth2/tokenP'), { ...init, signal: early.signal });
    early.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');

    control({ failNext: { count: 1, cut: 'never-ends' } });
    const late = new AbortController();
    const { body } = await request(URL_OF('/oauth2/tokenP'), { ...init, signal: late.signal });
    const text = body.text();
    late.abort(new Error('enough of it'));
    await expect(text).rejects.toThrow('enough of it');
  });

  test('has nothing to close, so it goes on after close and destroy', async () => {
    const { dispatcher } = createFakeKis({ symbols: 3 });
    await dispatcher.close();
    await dispatcher.destroy();
    await new Promise<void>((resolve) => dispatcher.destroy(null, resolve));
    expect((await request(URL_OF('/'), { dispatcher })).statusCode).toBe(404);
    expect(dispatcher).not.toBeInstanceOf(Agent);
  });
});
