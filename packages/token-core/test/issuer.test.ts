import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisIssuer, type TokenIssueError } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

const accessToken = 'h.eyJpYXQiOjE3OTUxMzY0MDB9.'.padEnd(200, 's');
const body = { access_token: accessToken, access_token_token_expired: '2026-11-21 10:00:00', token_type: 'Bearer' };

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
const issuerAt = (baseUrl: string, timeoutMs?: number) =>
  createKisIssuer({ appKey, appSecret, environment: 'real', baseUrl, timeoutMs });

async function read(request: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

describe('the KIS issuer', () => {
  test('asks as KIS documents it, and tells the server’s date', async () => {
    let asked: unknown;
    const url = await serve(async (request, response) => {
      asked = { method: request.method, path: request.url, body: await read(request) };
      response.setHeader('date', 'Fri, 20 Nov 2026 01:00:00 GMT').end(JSON.stringify(body));
    });
    expect(await issuerAt(url).issue({})).toEqual({
      token: {
        value: accessToken,
        issuedAtMs: 1_795_136_400_000,
        expiresAtMs: Date.parse('2026-11-21T01:00:00Z'),
      },
      serverDateMs: Date.parse('2026-11-20T01:00:00Z'),
    });
    expect(asked).toEqual({
      method: 'POST',
      path: '/oauth2/tokenP',
      body: { grant_type: 'client_credentials', appkey: appKey, appsecret: appSecret },
    });
  });

  test('a server that never answers is given up after timeoutMs, and may have been asked', async () => {
    const url = await serve(() => {});
    const error = (await issuerAt(url, 50)
      .issue({})
      .catch((e: unknown) => e)) as TokenIssueError;
    expect(error).toMatchObject({ code: 'ERR_TOKEN_ISSUE', status: undefined, mayHaveArrived: true });
    expect(error.message).toContain('50 ms');
  });

  test('a body that never ends is given up, too', async () => {
    const url = await serve((_, response) => void response.write('{"access_token":'));
    await expect(issuerAt(url, 50).issue({})).rejects.toMatchObject({ mayHaveArrived: true });
  });

  test('a closed port was never asked', async () => {
    await expect(issuerAt(await closedPort()).issue({})).rejects.toMatchObject({ mayHaveArrived: false });
  });

  const failed = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  const ofConnect = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].map((it) => failed(it, 'connect'));
  const ofLookup = ['ENOTFOUND', 'EAI_AGAIN'].map((it) => failed(it, 'getaddrinfo'));

  /** As the platform's `fetch` rejects, and as undici's `request` does. */
  async function mayHaveArrived(error: Error): Promise<unknown[]> {
    const causes = [error, new TypeError('fetch failed', { cause: error })];
    const issuers = causes.map((cause) =>
      createKisIssuer({ appKey, appSecret, environment: 'real', fetch: () => Promise.reject(cause) }),
    );
    return Promise.all(issuers.map((it) => it.issue({}).catch((e: TokenIssueError) => e.mayHaveArrived)));
  }

  test.each([
    ...[...ofConnect, ...ofLookup].map((error) => [error.message, error] as const),
    ['UND_ERR_CONNECT_TIMEOUT', Object.assign(new Error('slow'), { code: 'UND_ERR_CONNECT_TIMEOUT' })],
    ['by all addresses of the host', Object.assign(new AggregateError(ofConnect), { code: 'ECONNREFUSED' })],
  ] as const)('without a connection nobody was asked (%s)', async (_, error) => {
    expect(await mayHaveArrived(error)).toEqual([false, false]);
  });

  test.each([
    ...[...ofConnect, ...ofLookup].map(({ code }) => [`read ${code}`, failed(code, 'read')] as const),
    [
      'one address of several',
      Object.assign(new AggregateError([...ofConnect, failed('ETIMEDOUT', 'read')]), { code: 'ECONNREFUSED' }),
    ],
    ['addresses that say nothing', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
  ] as const)('a connection that broke may have asked (%s)', async (_, error) => {
    expect(await mayHaveArrived(error)).toEqual([true, true]);
  });

  test('a socket that is cut may have been asked', async () => {
    const url = await serve((request) => void request.socket.destroy());
    await expect(issuerAt(url).issue({})).rejects.toMatchObject({ status: undefined, mayHaveArrived: true });
  });

  test('the secret is carried to no other host', async () => {
    let arrived = 0;
    const elsewhere = await serve((_, response) => {
      arrived += 1;
      response.end(JSON.stringify(body));
    });
    const url = await serve((_, response) => void response.writeHead(307, { location: elsewhere }).end());
    await expect(issuerAt(url).issue({})).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE' });
    expect(arrived).toBe(0);
  });

  test("a caller's abort passes through untouched", async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const issuing = issuerAt(url).issue({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(issuing).rejects.toBe(reason);
  });

  test('revokes, and rejects where KIS does not confirm', async () => {
    const replies = [
      [200, { code: 200, message: '접근토큰 폐기에 성공하였습니다' }],
      [200, { code: '200' }],
      [403, { error_code: 'EGW00103', error_description: 'x' }],
      [200, {}],
    ] as const;
    let at = 0;
    const asked: unknown[] = [];
    const url = await serve(async (request, response) => {
      asked.push([request.url, await read(request)]);
      const [status, reply] = replies[at++] as (typeof replies)[number];
      response.writeHead(status).end(JSON.stringify(reply));
    });
    const token = { value: accessToken, issuedAtMs: 0, expiresAtMs: 1 };
    const revoke = () => issuerAt(url).revoke?.(token, {});
    await revoke();
    await revoke();
    await expect(revoke()).rejects.toMatchObject({ kisCode: 'EGW00103', status: 403 });
    await expect(revoke()).rejects.toMatchObject({ status: 200 });
    expect(asked[0]).toEqual(['/oauth2/revokeP', { appkey: appKey, appsecret: appSecret, token: accessToken }]);
  });

  test.each([200, 302, 404, 503])(
    'tells the time by a reply of HTTP %i, and sends no credentials for it',
    async (status) => {
      let asked: unknown;
      const url = await serve((request, response) => {
        const { method, url: path, rawHeaders } = request;
        asked = { method, path, isBare: ![appKey, appSecret].some((it) => rawHeaders.join(' ').includes(it)) };
        response
          .writeHead(status, { date: 'Fri, 20 Nov 2026 01:00:00 GMT', location: 'http://elsewhere.invalid/' })
          .end();
      });
      expect(await issuerAt(url).serverDateMs?.({})).toBe(Date.parse('2026-11-20T01:00:00Z'));
      expect(asked).toEqual({ method: 'GET', path: '/', isBare: true });
    },
  );

  test.each(['', 'yesterday'])('knows no time where a reply is dated %j', async (date) => {
    const url = await serve((_, response) => {
      response.sendDate = false;
      if (date !== '') response.setHeader('date', date);
      response.end();
    });
    await expect(issuerAt(url).serverDateMs?.({})).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE', status: 200 });
  });

  test('tells the date of a refusal, too', async () => {
    const url = await serve((_, response) => {
      response.setHeader('date', 'Fri, 20 Nov 2026 01:00:00 GMT').writeHead(403).end('{"error_code":"EGW00133"}');
    });
    const serverDateMs = Date.parse('2026-11-20T01:00:00Z');
    await expect(issuerAt(url).issue({})).rejects.toMatchObject({ kisCode: 'EGW00133', serverDateMs });
  });

  test('no failure shows a key, a secret or a token', async () => {
    const url = await serve((_, response) => void response.writeHead(500).end(JSON.stringify(body).slice(0, -5)));
    for (const at of [url, await closedPort()]) {
      const shown = inspect(
        await issuerAt(at)
          .issue({})
          .catch((e: unknown) => e),
        { depth: 9, showHidden: true },
      );
      for (const secret of [appKey, appSecret, accessToken]) expect(shown).not.toContain(secret);
    }
  });
});
