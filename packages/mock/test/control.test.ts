import { describe, expect, test } from 'vitest';
import { createFakeKis, type MockControl } from '../src/index.ts';
import { answerOf, KEYS, type Keys, OTHER_KEYS, PRICE, post, tokenOf, tokenP, uapi } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

async function create(options: Parameters<typeof createFakeKis>[0] = {}) {
  const clock = createManualClock(korea('2026-11-20T10:00:00'));
  const fake = createFakeKis({ clock, symbols: 10, ...options });
  return { clock, fake, token: await tokenOf(fake) };
}

describe('killToken', () => {
  test('fresh: the token is refused, and the next issue that the interval allows makes a new one', async () => {
    const { fake, token, clock } = await create();
    fake.control({ killToken: 'fresh' });
    expect(await uapi(fake, token, PRICE)).toMatchObject({ status: 500, body: { msg_cd: 'EGW00123' } });
    expect((await tokenP(fake)).body.error_code).toBe('EGW00133');
    await clock.advance(60_000);
    const fresh = await tokenOf(fake);
    expect(fresh).not.toBe(token);
    expect((await uapi(fake, fresh, PRICE)).status).toBe(200);
    expect((await uapi(fake, token, PRICE)).body.msg_cd).toBe('EGW00123');
    expect(fake.log().tokensIssued).toBe(2);
  });

  test('dead-end: the same dead token comes again for six hours', async () => {
    const { fake, token, clock } = await create({ sameTokenMs: 0 });
    fake.control({ killToken: 'dead-end' });
    await clock.advance(5 * 3_600_000);
    expect(await tokenOf(fake)).toBe(token);
    expect((await uapi(fake, token, PRICE)).body.msg_cd).toBe('EGW00123');
    await clock.advance(3_600_000);
    const alive = await tokenOf(fake);
    expect((await uapi(fake, alive, PRICE)).status).toBe(200);
    expect(fake.log().tokensIssued).toBe(2);
  });

  test('may answer with HTTP 200, as has been reported', async () => {
    const { fake, token } = await create();
    fake.control({ killToken: 'fresh', deadTokenStatus: 200 });
    expect(await uapi(fake, token, PRICE)).toMatchObject({ status: 200, body: { rt_cd: '1', msg_cd: 'EGW00123' } });
  });
});

describe('failNext', () => {
  test('answers so many calls with a code, and lets the others through', async () => {
    const { fake, token } = await create();
    fake.control({ failNext: { count: 2, kisCode: 'EGW00316' } });
    for (let n = 0; n < 2; n++) {
      expect(await uapi(fake, token, PRICE)).toMatchObject({
        status: 500,
        body: { rt_cd: '1', msg_cd: 'EGW00316', msg1: '조회 처리 중 오류 발생하였습니다. 재 조회 수행 부탁드립니다.' },
      });
    }
    expect((await uapi(fake, token, PRICE)).status).toBe(200);
    expect(fake.log()).toMatchObject({ calls: 3, maxInWindow: 1 });
  });

  test('has the shape of the path: error_code on /oauth2', async () => {
    const { fake } = await create({ issueIntervalMs: 0 });
    fake.control({ failNext: { count: 1, path: 'tokenP', kisCode: 'EGW00002' } });
    expect(await tokenP(fake)).toMatchObject({ status: 403, body: { error_code: 'EGW00002' } });
    expect((await tokenP(fake)).status).toBe(200);
  });

  test('chooses calls by path, tr_id and app key', async () => {
    const { fake, token } = await create();
    const other = await tokenOf(fake, OTHER_KEYS);
    fake.control({
      failNext: { count: 1, path: '/inquire-price', trId: 'FHKST01010100', status: 503 },
      appKey: OTHER_KEYS.appkey,
    });
    expect((await uapi(fake, token, PRICE)).status).toBe(200);
    const request = new Request('http://kis.test/oauth2/x', { method: 'POST', body: JSON.stringify(OTHER_KEYS) });
    expect((await fake.handle(request)).status).toBe(404);
    await expect(uapi(fake, other, PRICE, {}, OTHER_KEYS)).rejects.toThrow(SyntaxError);
    expect((await uapi(fake, other, PRICE, {}, OTHER_KEYS)).status).toBe(200);
  });

  test('sends a body of one’s own, and is taken back with a count of 0', async () => {
    const { fake } = await create();
    fake.control({ failNext: { count: 5, status: 502, body: '<html>Bad Gateway</html>' } });
    const response = await fake.handle(new Request('http://kis.test/uapi/x'));
    expect([response.status, await response.text()]).toEqual([502, '<html>Bad Gateway</html>']);
    fake.control({ failNext: { count: 0 } });
    expect((await fake.handle(new Request('http://kis.test/uapi/x'))).status).toBe(500);
  });

  test('has the body that its object was when it was ordered, and refuses one that JSON cannot hold', async () => {
    const { fake } = await create();
    const body = { a: 1 };
    fake.control({ failNext: { count: 1, body } });
    body.a = 2;
    expect(await (await fake.handle(new Request('http://kis.test/uapi/x'))).json()).toEqual({ a: 1 });

    const circular: Record<string, unknown> = {};
    circular.own = circular;
    const nested = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    for (const odd of [circular, nested, { n: 1n }, { toJSON: () => undefined }, 5]) {
      expect(() => fake.control({ failNext: { count: 1, body: odd as object } })).toThrow(
        new TypeError('mock: `failNext.body` must be a string or an object that JSON can hold'),
      );
    }
    expect((await answerOf(await fake.handle(new Request('http://kis.test/uapi/x')))).body.msg_cd).toBe('EGW00205');
  });

  test('cut before: the call never arrived', async () => {
    const { fake } = await create({ issueIntervalMs: 0, sameTokenMs: 0 });
    fake.control({ failNext: { count: 1, cut: 'before' } });
    await expect(tokenP(fake)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test('cut after: the token is issued and nobody hears of it', async () => {
    const { fake } = await create({ issueIntervalMs: 0, sameTokenMs: 0 });
    fake.control({ failNext: { count: 1, cut: 'after' } });
    await expect(tokenP(fake)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(fake.log()).toMatchObject({ tokenRequests: 2, tokensIssued: 2 });
  });

  test('cut never-ends: the headers and half of the body come', async () => {
    const { fake, token } = await create();
    const whole = (await uapi(fake, token, PRICE)).headers.get('content-length');
    fake.control({ failNext: { count: 1, cut: 'never-ends' } });
    const headers = { ...KEYS, authorization: `Bearer ${token}`, tr_id: 'FHKST01010100' };
    const url = `http://kis.test${PRICE}?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930`;
    const response = await fake.handle(new Request(url, { headers }));
    expect(response.headers.get('content-length')).toBe(whole);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBe(Math.ceil(Number(whole) / 2));
    const ended = await Promise.race([reader?.read(), new Promise((resolve) => setImmediate(resolve, 'still open'))]);
    expect(ended).toBe('still open');
  });
});

describe('latency', () => {
  test('of tokenP: half before the call is judged, half after', async () => {
    const { fake, clock } = await create({ issueIntervalMs: 0 });
    fake.control({ tokenLatencyMs: 150, clearLog: true });
    const startMs = clock.nowMs();
    let isAnswered = false;
    const answer = tokenP(fake).then(() => {
      isAnswered = true;
    });
    await clock.advance(74);
    expect(fake.log().tokenRequests).toBe(0);
    await clock.advance(1);
    expect(fake.log().entries[0]?.atMs).toBe(startMs + 75);
    await clock.advance(74);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    await answer;
    expect(clock.nowMs()).toBe(startMs + 150);
  });

  test('of /uapi: jitter and tail spread the arrivals, and the limit counts arrivals', async () => {
    const { fake, clock, token } = await create({ limit: 1_000 });
    fake.control({ latencyMs: 100, jitterMs: 50, tailMs: 1_000, clearLog: true });
    const startMs = clock.nowMs();
    const calls = Promise.all(Array.from({ length: 400 }, () => uapi(fake, token, PRICE)));
    await clock.advance(2_000);
    await calls;
    const arrivals = fake.log().entries.map(({ atMs }) => atMs - startMs);
    expect(Math.min(...arrivals)).toBeGreaterThanOrEqual(50);
    const late = arrivals.filter((ms) => ms > 100);
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(40);
    expect(new Set(arrivals).size).toBeGreaterThan(300);
  });

  test('is called off by the signal of who serves the fake', async () => {
    const { fake, clock } = await create({ tokenLatencyMs: 0 });
    fake.control({ tokenLatencyMs: 100 });
    const closing = new AbortController();
    const request = post('/oauth2/tokenP', { grant_type: 'client_credentials', ...KEYS });
    const answer = fake.handle(request, { signal: closing.signal });
    await clock.advance(10);
    expect(clock.pendingTimers).toBe(1);
    closing.abort(new Error('closing'));
    await expect(answer).rejects.toThrow('closing');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('control', () => {
  test('changes one app key, or all and those to come', async () => {
    const { fake, token } = await create();
    const other = await tokenOf(fake, OTHER_KEYS);
    const accepted = async (value: string, keys: Keys) => {
      fake.control({ clearLog: true });
      for (let n = 0; n < 5; n++) await uapi(fake, value, PRICE, {}, keys);
      return 5 - fake.log().refusals;
    };
    fake.control({ limit: 2, appKey: KEYS.appkey });
    expect(await accepted(token, KEYS)).toBe(2);
    expect(await accepted(other, OTHER_KEYS)).toBe(5);
    fake.control({ limit: 6 });
    expect(await accepted(token, KEYS)).toBe(4);
    fake.control({ issueIntervalMs: 0 });
    await tokenOf(fake, { ...KEYS, appkey: 'PSnew' });
    expect((await tokenP(fake, { appkey: 'PSnew' })).status).toBe(200);
  });

  test('clears the log of all, or of one app key', async () => {
    const { fake } = await create();
    await tokenOf(fake, OTHER_KEYS);
    fake.control({ clearLog: true, appKey: KEYS.appkey });
    expect([fake.log(KEYS.appkey).tokenRequests, fake.log().tokenRequests]).toEqual([0, 2]);
    fake.control({ clearLog: true });
    expect(fake.log()).toMatchObject({ tokenRequests: 0, entries: [] });
    expect(fake.log('PSunknown').tokenRequests).toBe(0);
  });

  test.each<[unknown, string]>([
    [{ limit: 0 }, 'mock: `limit` must be an integer >= 1, got 0'],
    [{ latencyMs: -1 }, 'mock: `latencyMs` must be a finite number of milliseconds >= 0, got -1'],
    [{ killToken: 'yes' }, 'mock: `killToken` must be "fresh" or "dead-end", got "yes"'],
    [{ deadTokenStatus: 201 }, 'mock: `deadTokenStatus` must be 200 or 500, got 201'],
    [{ clearLog: 1 }, 'mock: `clearLog` must be true, got 1'],
    [{ appKey: 5 }, 'mock: `appKey` must be a string that is not empty, got 5'],
    [{ appKey: 'with a blank' }, 'mock: `appKey` is none that is let in'],
    [{ failNext: 3 }, 'mock: `failNext` must be an object, got 3'],
    [{ failNext: { kisCode: 'EGW00001' } }, 'mock: `failNext.count` must be an integer >= 0, got undefined'],
    [{ failNext: { count: 1, status: 99 } }, 'mock: `failNext.status` must be an integer from 200 to 599, got 99'],
    [
      { failNext: { count: 1, cut: 'off' } },
      'mock: `failNext.cut` must be "before" or "after" or "never-ends", got "off"',
    ],
    [{ failNext: { count: 1 } }, 'mock: `failNext` must say how to fail: `kisCode`, `status`, `body` or `cut`'],
    [[], 'mock: `control` must be an object, got an array'],
  ])('refuses %j, in process and over HTTP', async (bad, message) => {
    const { fake } = await create();
    expect(() => fake.control(bad as MockControl)).toThrow(message);
    const answer = await answerOf(await fake.handle(post('/__control', bad)));
    expect(answer).toMatchObject({ status: 400, body: { error: message } });
  });

  test('refuses a field that it does not know, and then changes nothing', async () => {
    const { fake, token } = await create();
    expect(() => fake.control({ limit: 1, limits: 1 } as MockControl)).toThrow('mock: `control` knows no `limits`');
    for (let n = 0; n < 2; n++) expect((await uapi(fake, token, PRICE)).status).toBe(200);
    expect((await answerOf(await fake.handle(post('/__control', '{')))).body.error).toBe('mock: not JSON');
  });

  test('and the log are there over HTTP', async () => {
    const { fake } = await create();
    expect((await fake.handle(post('/__control', { killToken: 'fresh', limit: 3 }))).status).toBe(200);
    const log = async (query: string) =>
      (await answerOf(await fake.handle(new Request(`http://kis.test/__log${query}`)))).body;
    expect(await log('')).toEqual({ ...fake.log() });
    expect(await log(`?appKey=${KEYS.appkey}`)).toMatchObject({ tokenRequests: 1 });
    expect(await log('?appKey=PSother')).toMatchObject({ tokenRequests: 0 });
  });
});
