import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFakeKis, startMockServer } from '../src/index.ts';
import { KEYS, tokenOf } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';
import { QUESTIONS } from './questions.ts';

const REQUESTS = 10_000;
/** The longest that one answer may take on a busy machine. */
const SLOWEST_MS = 3_000;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'get', 'QUERY', 'X'];
const ODD_VALUES = [
  ['', ' ', '0', '-1', '1e309', 'NaN', '000000', '999999', '240000', '235960', '00000000', '99999999', '20240230'],
  ['99991231', '00010101', '18991231', '005930', 'A005930', 'Q500001', 'aapl', '<script>', "' OR 1=1", '../..'],
  ['삼성전자', '😀', '\ud83d', '\u0000', '\u202e', '%00', '٣', 'null', 'undefined', '__proto__', 'constructor'],
  ['9'.repeat(400), 'A'.repeat(20_000), '한'.repeat(5_000)],
].flat();

const oddValue = fc.oneof(
  fc.constantFrom(...ODD_VALUES),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10).replaceAll('-', '')),
);
const oddJson = fc.oneof(oddValue, fc.jsonValue(), fc.object()).map((value) => JSON.stringify(value));

/** Mostly null. */
function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ arbitrary: fc.constant(null), weight: 6 }, { arbitrary, weight: 1 });
}

interface AnyRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A question that KIS knows, in which some things are not as they should be. */
const almostGood: fc.Arbitrary<AnyRequest> = fc
  .record({
    question: fc.constantFrom(...QUESTIONS),
    spoilt: fc.dictionary(fc.nat(14).map(String), oddValue, { maxKeys: 2 }),
    without: seldom(fc.nat(14)),
    more: fc.dictionary(fc.string({ minLength: 1 }), oddValue, { maxKeys: 2 }),
    trId: seldom(fc.constantFrom(...QUESTIONS.map(({ trId }) => trId), 'X')),
    isNextPage: fc.boolean(),
    isLowerCase: fc.boolean(),
    body: seldom(oddJson),
    method: seldom(fc.constantFrom(...METHODS)),
  })
  .map(({ question, spoilt, without, more, trId, isNextPage, isLowerCase, body, method: other }) => {
    const entries = Object.entries(question.params)
      .map(([name, value], n): [string, string] => [isLowerCase ? name.toLowerCase() : name, spoilt[n] ?? value])
      .filter((_, n) => n !== without);
    const params = { ...Object.fromEntries(entries), ...more };
    // Most keep their method: another is refused before it comes to the parameters.
    const method = other ?? question.method;
    const query = new URLSearchParams(params).toString();
    return {
      method,
      target: method === 'GET' ? `${question.path}?${query}` : question.path,
      headers: { tr_id: trId ?? question.trId, ...(isNextPage ? { tr_cont: 'N' } : {}) },
      body: hasNoBody(method) ? undefined : (body ?? JSON.stringify(params)),
    };
  });

/** A path, headers and a body that could be anything. */
const wild: fc.Arbitrary<AnyRequest> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    path: fc.oneof(
      fc.constantFrom('/oauth2/tokenP', '/oauth2/revokeP', '/oauth2/Approval', '/oauth2/', '/uapi/', '/uapi/hashkey'),
      fc.webPath().map((path) => `/uapi${path}`),
      fc.webPath().map((path) => `/oauth2${path}`),
      oddValue.map((value) => `/uapi/${encodeURI(Buffer.from(value).toString())}`),
    ),
    query: fc.webQueryParameters(),
    name: fc.constantFrom('appkey', 'appsecret', 'authorization', 'tr_id', 'tr_cont', 'custtype', 'gt_uid', 'x-any'),
    value: fc.stringMatching(/^[\x21-\x7e]{0,50}$/),
    body: fc.oneof(fc.string({ unit: 'binary' }), oddJson, oauthBody()),
  })
  .map(({ method, path, query, name, value, body }) => ({
    method,
    target: `${path}?${query}`,
    headers: { [name]: value },
    body: hasNoBody(method) ? undefined : body,
  }));

function hasNoBody(method: string): boolean {
  return /^(get|head)$/i.test(method);
}

function oauthBody(): fc.Arbitrary<string> {
  const fields = { grant_type: 'client_credentials', ...KEYS, secretkey: KEYS.appsecret, token: 'x' };
  return fc
    .record({ spoilt: fc.constantFrom(...Object.keys(fields)), value: fc.jsonValue() })
    .map(({ spoilt, value }) => JSON.stringify({ ...fields, [spoilt]: value }));
}

const NO_VALUE = /NaN|Infinity|undefined|\[object/;
const UAPI_SHAPES = [
  {
    rt_cd: expect.stringMatching(/^[01279]$/),
    msg_cd: expect.stringMatching(/^[A-Z0-9]{8,9}$/),
    msg1: expect.any(String),
  },
  { BODY: expect.any(Object), HASH: expect.stringMatching(/^[0-9A-Fa-f]{64}$/) },
];
const OAUTH_SHAPES = [
  { error_code: expect.stringMatching(/^EGW\d{5}$/), error_description: expect.any(String) },
  {
    access_token: expect.any(String),
    access_token_token_expired: expect.any(String),
    token_type: 'Bearer',
    expires_in: 86_400,
  },
  { code: 200, message: expect.any(String) },
  { approval_key: expect.any(String) },
];

/** Fails for an answer that is not of KIS's shape. */
function expectShape(path: string, status: number, text: string): void {
  const body: unknown = JSON.parse(text);
  const [shapes, statuses] = path.startsWith('/uapi/') ? [UAPI_SHAPES, [200, 500]] : [OAUTH_SHAPES, [200, 403, 404]];
  expect(statuses).toContain(status);
  expect(body).toSatisfy((given) => shapes.some((shape) => isLike(given, shape)));
}

function isLike(given: unknown, shape: object): boolean {
  try {
    expect(given).toMatchObject(shape);
    return true;
  } catch {
    return false;
  }
}

describe('any request', () => {
  test('10,000 of them, good, odd and absurd: each gets an answer of KIS’s shape, and soon', {
    timeout: 300_000,
  }, async () => {
    const fake = createFakeKis({
      symbols: 130,
      limit: 1_000_000,
      issueIntervalMs: 0,
      clock: createManualClock(korea('2024-06-04T11:00:00')),
    });
    const authorization = `Bearer ${await tokenOf(fake)}`;
    const codes = new Map<string, number>();
    const any = fc.oneof({ arbitrary: almostGood, weight: 3 }, { arbitrary: wild, weight: 1 });
    await fc.assert(
      fc.asyncProperty(any, async ({ method, target, headers, body }) => {
        const request = new Request(`http://kis.test${target}`, {
          method,
          headers: { ...KEYS, authorization, ...headers },
          ...(body === undefined ? {} : { body }),
        });
        const { pathname } = new URL(request.url);
        const startMs = performance.now();
        const reply = await fake.handle(request);
        const text = await reply.text();
        expect(performance.now() - startMs).toBeLessThan(SLOWEST_MS);
        expectShape(pathname, reply.status, text);
        // What was sent may come back; what was not must not be in it.
        if (!NO_VALUE.test(target + body)) expect(text).not.toMatch(NO_VALUE);
        const code = /"(?:msg_cd|error_code)":"(\w+)"/.exec(text)?.[1] ?? 'oauth';
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }),
      { numRuns: REQUESTS, seed: 4, endOnFailure: true },
    );
    // The requests came to where they were sent: answers, and refusals of several kinds.
    for (const code of ['MCA00000', 'OPSQ0002', 'OPSQ2001', 'OPSQ2002', 'MCA05918', 'EGW00101', 'EGW00202']) {
      expect([code, (codes.get(code) ?? 0) > 5]).toEqual([code, true]);
    }
    expect(fake.log().calls).toBeGreaterThan(REQUESTS / 2);
  });

  const ODD_TARGETS = [
    '//',
    '//uapi/x',
    '///',
    '/%00',
    '/uapi/%00%ff%zz',
    '/?',
    '/uapi/../../etc/passwd',
    '/uapi/;a=b#c',
    '*',
    'http://else.where/uapi/x',
    'http://user:pass@else.where:99/uapi/x?y=%',
    `/uapi/${'a'.repeat(8_000)}`,
  ];

  test.each(ODD_TARGETS)('the server answers the target %s', async (target) => {
    const server = await startMockServer({ symbols: 1 });
    try {
      for (const method of ['GET', 'POST', 'OPTIONS', 'TRACE']) {
        const { status, body } = await raw(server.url, `${method} ${target} HTTP/1.1`);
        expect([200, 400, 403, 404, 500]).toContain(status);
        if (target !== '/?' || method !== 'GET') expect(JSON.parse(body)).toSatisfy(hasCode);
      }
      expect((await fetch(`${server.url}/__log`)).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  test.each(['GET ? HTTP/1.1', 'GET mailto:nobody HTTP/1.1', 'CONNECT kis:443 HTTP/1.1', 'NONSENSE', ''])(
    'the server outlives %j',
    async (line) => {
      const server = await startMockServer({ symbols: 1 });
      try {
        await raw(server.url, line);
        expect((await fetch(`${server.url}/__log`)).status).toBe(200);
      } finally {
        await server.close();
      }
    },
  );

  test('the server refuses a body of more than a million bytes', async () => {
    const server = await startMockServer({ symbols: 1 });
    try {
      const reply = await fetch(`${server.url}/oauth2/tokenP`, { method: 'POST', body: 'x'.repeat(1_000_001) });
      expect([reply.status, await reply.json()]).toMatchObject([400, { msg_cd: 'EGW00101' }]);
    } finally {
      await server.close();
    }
  });
});

function hasCode(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('msg_cd' in body || 'error_code' in body);
}

/** What comes back for a request line, without a library that would mend it. */
async function raw(url: string, line: string): Promise<{ readonly status: number; readonly body: string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => socket.destroy());
  socket.end(`${line}\r\nhost: kis\r\nconnection: close\r\n\r\n`);
  await once(socket, 'close');
  return { status: Number(text.slice(9, 12)), body: text.slice(text.indexOf('\r\n\r\n') + 4) };
}
