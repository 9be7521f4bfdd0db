import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../../vitest.secrets.ts';
import { API_KEY, APP_KEY, APP_SECRET, headersFor, type Stage, startGateway } from './harness.ts';

/** 10,000 in all. */
const RUNS = { v1: 5_000, uapi: 4_000, oauth: 1_000 };
/** So that fast answers, not KIS's limit, are what is looked at. */
const FAST = { kis: { limit: 100_000 }, env: { KIS_API_RATE_LIMIT: '1000', LOG_LEVEL: 'trace' } };

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '005930',
    'Q500001',
    '../..',
    '%00',
    '%',
    "'",
    '"',
    '{}',
    'null',
    '__proto__',
    '-1',
    '1e400',
    APP_KEY,
  ),
);
const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom('', '{', '[]', 'null', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', '{"codes":[{}]}'),
  fc.array(text, { maxLength: 5 }).map((codes) => JSON.stringify({ codes })),
);
const query = fc.dictionary(
  fc.oneof(text, fc.constantFrom('period', 'count', 'fresh', 'account', 'from', 'to')),
  text,
  {
    maxKeys: 4,
  },
);
const header = (values: fc.Arbitrary<string>) => values.map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, ''));

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload: string;
}

/** Without halves of letters, which no URL can have. */
function wellFormed(value: string): string {
  return value.replace(/\p{Surrogate}/gu, '');
}

/** The gateway's own routes and their parameters, from its OpenAPI document. */
async function routesOf({ app }: Stage): Promise<string[]> {
  const { paths } = (await app.inject('/docs/json')).json<{ paths: Record<string, object> }>();
  return Object.keys(paths);
}

/** A part of an address: most are well encoded, for else they get no further. */
const part = fc.oneof(
  { weight: 9, arbitrary: text.map((it) => encodeURIComponent(wellFormed(it))) },
  { weight: 1, arbitrary: fc.constantFrom('%', '%zz', '%c0%80', 'a'.repeat(300)) },
);

async function ask({ app }: Stage, asked: Asked) {
  const { method, url, headers, payload } = asked;
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  return app.inject({ method, url, headers, ...(mayHaveBody ? { payload } : {}) });
}

/** What is known not to be in any reply; the tokens that the gateway gives are their caller's own. */
function assertNoSecret(payload: string): void {
  const told = payload.replace(/"access_token":"[^"]*"/, '');
  expect(findSecrets(told)).toEqual([]);
  for (const secret of [APP_SECRET, API_KEY]) expect(told).not.toContain(secret);
}

describe('malformed requests', { timeout: 240_000 }, () => {
  test('of the typed routes are answered with what is wrong with them, and never with a failure of ours', async () => {
    const stage = await startGateway(FAST);
    const routes = await routesOf(stage);
    const asked = fc.record({
      method: fc.constantFrom<Asked['method']>('GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'),
      url: fc.tuple(fc.constantFrom(...routes), part, part, query).map(([path, one, two, params]) => {
        let values = [one, two];
        const filled = path.replaceAll(/\{\w+\}/g, () => {
          const [value = ''] = values;
          values = values.slice(1);
          return value;
        });
        const entries = Object.entries(params).map(([name, value]) => [wellFormed(name), wellFormed(value)]);
        return `${filled}?${new URLSearchParams(entries as [string, string][])}`;
      }),
      headers: fc.record({ 'content-type': fc.constantFrom('application/json', 'text/plain', 'x', 'application/xml') }),
      payload: json,
    });
    await fc.assert(
      fc.asyncProperty(asked, async (it) => {
        const { statusCode, payload } = await ask(stage, it);
        // Whether it is ready is the one thing that a route says by 503.
        if (!it.url.startsWith('/readyz')) expect(statusCode).toBeLessThan(500);
        assertNoSecret(payload);
      }),
      { numRuns: RUNS.v1 },
    );
    expect((await stage.app.inject('/v1/quotes/005930')).statusCode).toBe(200);
    expect(findSecrets(stage.logged())).toEqual([]);
  });

  test('below /uapi get a refusal in the shape of KIS, or what KIS itself says', async () => {
    const stage = await startGateway(FAST);
    const good = await headersFor(stage.app, 'FHKST01010100');
    const maybe = (name: string) =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(good[name] ?? '') }, { weight: 1, arbitrary: header(text) });
    const asked = fc.record({
      method: fc.constantFrom<Asked['method']>('GET', 'GET', 'POST', 'PUT'),
      url: fc
        .tuple(
          fc.constantFrom(
            'domestic-stock/v1/quotations/inquire-price',
            'domestic-stock/v1/trading/order-cash',
            'hashkey',
            '',
          ),
          fc.option(part),
          query,
        )
        .map(([path, more, params]) => {
          const entries = Object.entries(params).map(([name, value]) => [wellFormed(name), wellFormed(value)]);
          return `/uapi/${path}${more === null ? '' : `/${more}`}?${new URLSearchParams(entries as [string, string][])}`;
        }),
      headers: fc.record({
        authorization: maybe('authorization'),
        appkey: maybe('appkey'),
        appsecret: fc.oneof(header(text), fc.constant(API_KEY)),
        tr_id: fc.oneof(maybe('tr_id'), fc.constantFrom('TTTC0012U', 'CTPF1002R')),
        tr_cont: header(text),
        gt_uid: header(text),
        'content-type': fc.constantFrom('application/json', 'text/plain', 'x'),
      }),
      payload: json,
    });
    await fc.assert(
      fc.asyncProperty(asked, async (it) => {
        // Reads of an account have turns of a second each, which would take an hour.
        const method = it.url.includes('/trading/') ? 'POST' : it.method;
        const reply = await ask(stage, { ...it, method });
        assertNoSecret(reply.payload);
        const body = reply.json<{ rt_cd?: string; msg_cd?: string; HASH?: string }>();
        if (body.HASH !== undefined) return;
        expect(body).toMatchObject({
          rt_cd: expect.stringMatching(/^[01279]$/),
          msg_cd: expect.stringMatching(/^\w+$/),
        });
        // These would say that the gateway failed.
        expect(['EGW00001', 'EGW00002', 'EGW00202', 'EGW00302']).not.toContain(body.msg_cd);
      }),
      { numRuns: RUNS.uapi },
    );
    const url = '/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930';
    expect((await stage.app.inject({ url, headers: good })).json()).toMatchObject({ rt_cd: '0' });
    expect(findSecrets(stage.logged())).toEqual([]);
  });

  test('below /oauth2 get a refusal in the shape of KIS, or a token of the gateway', async () => {
    const stage = await startGateway(FAST);
    const fields = fc.record(
      {
        grant_type: fc.oneof(fc.constant('client_credentials'), text),
        appkey: fc.oneof(fc.constant(APP_KEY), text),
        appsecret: text,
      },
      { requiredKeys: [] },
    );
    const asked = fc.record({
      method: fc.constant<Asked['method']>('POST'),
      url: fc.constantFrom('/oauth2/tokenP', '/oauth2/revokeP', '/oauth2/x'),
      headers: fc.record({ 'content-type': fc.constantFrom('application/json', 'text/plain', 'x') }),
      payload: fc.oneof(
        json,
        fields.map((it) => JSON.stringify(it)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(asked, async (it) => {
        const reply = await ask(stage, it);
        expect(reply.statusCode).toBeLessThan(500);
        if (reply.statusCode !== 200)
          expect(reply.json()).toMatchObject({ error_code: expect.stringMatching(/^EGW\d{5}$/) });
        assertNoSecret(reply.payload);
      }),
      { numRuns: RUNS.oauth },
    );
    expect(stage.fake.log().tokenRequests).toBe(0);
  });
});
