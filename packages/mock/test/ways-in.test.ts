import { afterEach, describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis, type FakeKisOptions, type MockControl } from '../src/index.ts';
import { BOOK, KEYS, PRICE } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';
import { goodAndBadQuestions } from './questions.ts';
import { type Heard, WAYS, type Way } from './ways.ts';

const open: Way[] = [];
afterEach(async () => {
  for (const way of open.splice(0).reverse()) await way.close();
});

type Open = (fake: FakeKis) => Promise<Way>;

/** A way into a fake, with a token. */
interface Entered extends Way {
  readonly fake: FakeKis;
  readonly headers: Readonly<Record<string, string>>;
}

async function enter(openWay: Open, options: FakeKisOptions = {}): Promise<Entered> {
  const fake = createFakeKis({ symbols: 130, issueIntervalMs: 0, limit: 1_000, ...options });
  const way = await openWay(fake);
  open.push(way);
  const { access_token } = JSON.parse(await (await askToken(way)).text());
  const headers = { ...KEYS, authorization: `Bearer ${access_token}`, tr_id: 'FHKST01010100', custtype: 'P' };
  return { ...way, fake, headers };
}

function askToken(way: Way): Promise<Heard> {
  const body = JSON.stringify({ grant_type: 'client_credentials', ...KEYS });
  return way.ask('/oauth2/tokenP', { method: 'POST', body });
}

const QUERY = 'FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930';
const askPrice = ({ ask, headers }: Entered, more = {}): Promise<Heard> =>
  ask(`${PRICE}?${QUERY}`, { method: 'GET', headers, ...more });
const askBook = ({ ask, headers }: Entered): Promise<Heard> =>
  ask(`${BOOK}?${QUERY}`, { method: 'GET', headers: { ...headers, tr_id: 'FHKST01010200' } });
const codeOf = async (heard: Heard): Promise<unknown> => JSON.parse(await heard.text()).msg_cd;

/** The two ways to change the rules. */
const CONTROLS: readonly (readonly [string, (entered: Entered, control: MockControl) => Promise<void>])[] = [
  ['in process', async ({ fake }, control) => fake.control(control)],
  [
    'over HTTP',
    async ({ ask }, control) => {
      const { status } = await ask('/__control', { method: 'POST', body: JSON.stringify(control) });
      expect(status).toBe(200);
    },
  ],
];

describe.each(WAYS)('by %s', (name, openWay) => {
  test('a token opens the market, and the log tells of both', async () => {
    const entered = await enter(openWay);
    const heard = await askPrice(entered);
    expect([heard.status, heard.headers.get('tr_id'), heard.headers.get('tr_cont')]).toEqual([
      200,
      'FHKST01010100',
      '',
    ]);
    expect(heard.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(await heard.text())).toMatchObject({ rt_cd: '0', output: { stck_shrn_iscd: '005930' } });
    const log = JSON.parse(await (await entered.ask('/__log', { method: 'GET' })).text());
    expect(log).toMatchObject({ tokenRequests: 1, tokensIssued: 1, calls: 1, refusals: 0 });
    expect(log).toEqual(JSON.parse(JSON.stringify(entered.fake.log())));
  });

  test('refusals are KIS’s own', async () => {
    const entered = await enter(openWay, { limit: 1, issueIntervalMs: 60_000 });
    await askPrice(entered);
    const refused = await askPrice(entered);
    expect([refused.status, await codeOf(refused)]).toEqual([500, 'EGW00201']);
    const again = await askToken(entered);
    expect([again.status, JSON.parse(await again.text()).error_code]).toEqual([403, 'EGW00133']);
  });

  describe.each(CONTROLS)('ordered %s', (_how, control) => {
    test('a fault meets the path and the tr_id that it is for, so many times', async () => {
      const entered = await enter(openWay);
      await control(entered, { failNext: { count: 1, path: '/inquire-price', kisCode: 'EGW00202' } });
      await control(entered, { failNext: { count: 1, trId: 'FHKST01010200', status: 503, body: '<html>' } });
      const book = await askBook(entered);
      expect([book.status, await book.text()]).toEqual([503, '<html>']);
      const codes = [await codeOf(await askPrice(entered)), await codeOf(await askPrice(entered))];
      expect([...codes, await codeOf(await askBook(entered))]).toEqual(['EGW00202', 'MCA00000', 'MCA00000']);
    });

    test('a cut before leaves nothing done, a cut after leaves it done, and both fail as a network does', async () => {
      const entered = await enter(openWay, { sameTokenMs: 0 });
      const issued = (): number => entered.fake.log().tokensIssued;
      for (const [cut, expected] of [
        ['before', 1],
        ['after', 2],
      ] as const) {
        await control(entered, { failNext: { count: 1, path: '/oauth2/tokenP', cut } });
        const error: unknown = await askToken(entered).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(Error);
        const isFetch = error instanceof TypeError;
        expect(isFetch || /^(ECONNRESET|UND_ERR_SOCKET)$/.test((error as Error & { code: string }).code)).toBe(true);
        expect(issued()).toBe(expected);
      }
      expect((await askToken(entered)).status).toBe(200);
    });

    test('a body that never ends ends when the caller gives up', async () => {
      const entered = await enter(openWay);
      await control(entered, { failNext: { count: 1, cut: 'never-ends' } });
      const giveUp = new AbortController();
      const heard = await askPrice(entered, { signal: giveUp.signal });
      expect(heard.status).toBe(200);
      const text = heard.text();
      giveUp.abort(new Error('enough'));
      await expect(text).rejects.toThrow();
    });

    test('a killed token is refused until the next one', async () => {
      const entered = await enter(openWay);
      await control(entered, { killToken: 'fresh' });
      expect(await codeOf(await askPrice(entered))).toBe('EGW00123');
      const { access_token } = JSON.parse(await (await askToken(entered)).text());
      const headers = { ...entered.headers, authorization: `Bearer ${access_token}` };
      expect(await codeOf(await askPrice(entered, { headers }))).toBe('MCA00000');
    });
  });

  test('half of the latency passes before a call is judged', async () => {
    const clock = createManualClock(korea('2024-06-04T11:00:00'));
    const entered = await enter(openWay, { clock, latencyMs: 200 });
    const heard = askPrice(entered);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    expect(entered.fake.log().calls).toBe(0);
    await clock.advance(100);
    expect(entered.fake.log().calls).toBe(1);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    await clock.advance(100);
    expect((await heard).status).toBe(200);
  });

  test('a caller who gives up before the answer hears his own reason', async () => {
    const clock = createManualClock(korea('2024-06-04T11:00:00'));
    const entered = await enter(openWay, { clock, latencyMs: 200 });
    // `handle` itself answers in the end: a server judges the calls of those who are gone, too.
    if (name === 'handle') return;
    const giveUp = new AbortController();
    const heard = askPrice(entered, { signal: giveUp.signal });
    await expect.poll(() => clock.pendingTimers).toBe(1);
    giveUp.abort(new Error('enough'));
    await expect(heard).rejects.toThrow('enough');
    await clock.advance(1_000);
  });
});

describe('all ways', () => {
  test('give the same answers to the same 224 questions', async () => {
    const questions = goodAndBadQuestions();
    expect(questions.length).toBeGreaterThanOrEqual(200);
    const answers = new Map<string, unknown[]>();
    for (const [name, openWay] of WAYS) {
      const entered = await enter(openWay, { clock: createManualClock(korea('2024-06-04T11:00:00')) });
      const heard: unknown[] = [];
      for (const { method, path, trId, params, isNextPage } of questions) {
        const headers = { ...entered.headers, tr_id: trId, ...(isNextPage ? { tr_cont: 'N' } : {}) };
        const isGet = method === 'GET';
        const target = isGet ? `${path}?${new URLSearchParams(params)}` : path;
        const body = isGet ? undefined : JSON.stringify(params);
        const reply = await entered.ask(target, { method, headers, body });
        const names = ['tr_id', 'tr_cont', 'content-type', 'content-length', 'date'];
        heard.push([reply.status, names.map((header) => reply.headers.get(header)), await reply.text()]);
      }
      answers.set(name, heard);
    }
    const [first, ...others] = answers.values();
    expect(first).toHaveLength(questions.length);
    for (const other of others) expect(other).toEqual(first);
  });
});
