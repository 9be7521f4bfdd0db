import { KisApiError, type KisClient, KisNetworkError } from '@kis/client';
import type { FailNext, MockLog } from '@kis/mock';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { mostInASecond } from '../src/most-in-a-second.ts';
import { createOneClock, outcomes, times } from './one-clock.ts';

const price = (client: KisClient): Promise<number> =>
  client.getCurrentPrice('005930').then(({ currentPrice }) => currentPrice);

const ORDER = '/uapi/domestic-stock/v1/trading/order-cash';
const buy = (client: KisClient): Promise<unknown> =>
  client.request(
    { method: 'POST', path: ORDER, trId: { real: 'TTTC0012U', virtual: 'VTTC0012U' } },
    {
      CANO: '12345678',
      ACNT_PRDT_CD: '01',
      PDNO: '005930',
      ORD_DVSN: '01',
      ORD_QTY: '1',
      ORD_UNPR: '0',
      EXCG_ID_DVSN_CD: 'KRX',
    },
  );

const pathsOf = ({ entries }: MockLog): string[] => entries.map(({ path }) => path.split('/').at(-1) ?? '');

describe("the bugs of other clients, in calls: not one of @kis's", () => {
  test.each([500, 200])('bug 6: EGW00201 is the same refusal with HTTP %i', async (status) => {
    const { fake, client, play } = createOneClock();
    const one = client();
    await play(Promise.all(times(9, () => price(one))));
    fake.control({ failNext: { count: 3, path: 'inquire-price', kisCode: 'EGW00201', status } });
    const { values, errors } = await play(outcomes(times(21, () => price(one))));
    expect(errors).toEqual([]);
    expect(values.filter((value) => value > 0)).toHaveLength(21);
    expect(fake.log()).toMatchObject({ calls: 33, refusals: 3 });
  });

  test.each([500, 200] as const)('bug 6: a dead token is the same refusal with HTTP %i', async (deadTokenStatus) => {
    const { fake, client, play } = createOneClock({ deadTokenStatus });
    const one = client();
    await play(Promise.all(times(9, () => price(one))));
    fake.control({ killToken: 'fresh' });
    const { values, errors } = await play(outcomes(times(21, () => price(one))));
    expect(errors).toEqual([]);
    expect(values.filter((value) => value > 0)).toHaveLength(21);
    expect(fake.log()).toMatchObject({ tokenRequests: 2, tokensIssued: 2 });
  });

  test.each([
    ['EGW00201', 15],
    ['EGW00001', 10],
  ] as const)('bug 7: what is sent again after %s waits for a permit of its own', async (kisCode, count) => {
    const { fake, client, play } = createOneClock();
    const one = client({ rateLimiter: { queueTimeoutMs: Infinity }, breaker: { failureThreshold: 100 } });
    await play(price(one));
    fake.control({ clearLog: true, failNext: { count, path: 'inquire-price', kisCode } });
    const { values } = await play(outcomes(times(60, () => price(one))));
    expect(values).toHaveLength(60);
    expect(fake.log().calls).toBe(60 + count);
    expect(mostInASecond(fake.log())).toBeLessThanOrEqual(18);
  });

  test('bug 8: what is called is what is sent: no hash key, no look-up of a symbol and no approval goes along', async () => {
    const { fake, client, play } = createOneClock();
    const one = client();
    await play(price(one));
    await play(one.getOrderBook('005930'));
    await play(one.getChart('005930', { period: 'day', count: 30 }));
    await play(outcomes([buy(one)]));
    expect(pathsOf(fake.log())).toEqual([
      'tokenP',
      'inquire-price',
      'inquire-asking-price-exp-ccn',
      'inquire-daily-itemchartprice',
      'order-cash',
    ]);
  });

  test('bug 9: calls before and after the turn of a second are counted together', async () => {
    const { fake, client, play, pass, nowMs } = createOneClock();
    const one = client();
    await play(price(one));
    for (const lateMs of [900, 950, 990]) {
      await pass(3_000 + ((lateMs - (nowMs() % 1_000) + 1_000) % 1_000));
      expect(nowMs() % 1_000).toBe(lateMs);
      fake.control({ clearLog: true });
      const before = outcomes(times(18, () => price(one)));
      await pass(200);
      const after = outcomes(times(18, () => price(one)));
      const all = await play(Promise.all([before, after]));
      expect(all.flatMap(({ errors }) => errors)).toEqual([]);
      expect(fake.log()).toMatchObject({ calls: 36, refusals: 0, maxInWindow: 18 });
    }
  });

  test('bug 10: a call that waits to be repeated holds nobody up', async () => {
    const { fake, client, play, pass, durationMs } = createOneClock();
    const one = client({ retry: { backoffMs: 5_000 } });
    // A pause is a random part of that: here nearly all of it.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.99);
    onTestFinished(() => random.mockRestore());
    await play(price(one));
    fake.control({ failNext: { count: 1, path: 'inquire-asking-price-exp-ccn', kisCode: 'EGW00001' } });
    const book = one.getOrderBook('005930');
    await pass(1_000);
    expect(await durationMs(Promise.all(times(10, () => price(one))))).toBeLessThanOrEqual(50);
    expect(fake.log().calls).toBe(12);
    await play(book);
    expect(fake.log().calls).toBe(13);
  });

  test('bug 10: a refresh that waits for its minute holds nobody up', async () => {
    const { fake, client, play, durationMs } = createOneClock();
    const one = client();
    await play(price(one));
    const refreshing = one.tokens.refresh();
    expect(await durationMs(Promise.all(times(10, () => price(one))))).toBeLessThanOrEqual(50);
    expect(fake.log()).toMatchObject({ tokenRequests: 1, calls: 11 });
    await play(refreshing);
    expect(fake.log().tokenRequests).toBe(2);
  });

  test.each<[string, Omit<FailNext, 'count'>]>([
    ['whose answer is cut off', { cut: 'after' }],
    ['whose answer never ends', { cut: 'never-ends' }],
    ['answered by a page of HTML', { status: 502, body: '<html></html>' }],
    ['answered by nothing', { status: 500, body: '' }],
    ['of which KIS says to look it up', { kisCode: 'EGW00302' }],
  ])('bug 11: an order %s is not sent again', async (_, failNext) => {
    const { fake, client, play } = createOneClock();
    const one = client();
    await play(price(one));
    fake.control({ failNext: { count: 10, path: 'order-cash', ...failNext } });
    const { errors } = await play(outcomes([buy(one)]));
    expect(errors).toHaveLength(1);
    expect(pathsOf(fake.log()).filter((path) => path === 'order-cash')).toHaveLength(1);
    expect(errors[0]).toMatchObject({ mayHaveArrived: true });
    if ('cut' in failNext) expect(errors[0]).toMatchObject({ code: 'ERR_KIS_NETWORK' });
  });

  test('bug 11: an order refused as one too many was not run, and is sent again until it is placed', async () => {
    const { fake, client, play } = createOneClock();
    const one = client();
    await play(price(one));
    fake.control({ failNext: { count: 2, path: 'order-cash', kisCode: 'EGW00201' } });
    await play(buy(one));
    const orders = fake.log().entries.filter(({ path }) => path === ORDER);
    expect(orders.map(({ kisCode }) => kisCode)).toEqual(['EGW00201', 'EGW00201', 'APBK0013']);
  });

  test('bug 12: a hundred calls at once are let out 18 a second', async () => {
    const { fake, client, play, durationMs } = createOneClock();
    const one = client();
    await play(price(one));
    await play(Promise.all(times(18, () => price(one))));
    fake.control({ clearLog: true });
    const tookMs = await durationMs(Promise.all(times(90, () => price(one))));
    expect(fake.log()).toMatchObject({ calls: 90, refusals: 0, maxInWindow: 18 });
    expect(tookMs).toBeLessThanOrEqual(5_100);
  });

  test.each<[string, Omit<FailNext, 'count'>, string]>([
    ['EGW00123 with HTTP 200', { kisCode: 'EGW00123', status: 200 }, 'ERR_KIS_API'],
    ['EGW00201 with HTTP 200', { kisCode: 'EGW00201', status: 200 }, 'ERR_KIS_API'],
    ['a bad parameter, with HTTP 200', { kisCode: 'OPSQ2001', status: 200 }, 'ERR_KIS_API'],
    ['the error of an oauth path', { status: 403, body: { error_code: 'EGW00103' } }, 'ERR_KIS_API'],
    ['a page of HTML, with HTTP 200', { status: 200, body: '<html></html>' }, 'ERR_KIS_RESPONSE'],
    ['nothing, with HTTP 200', { status: 200, body: '' }, 'ERR_KIS_RESPONSE'],
    ['an empty object', { status: 200, body: {} }, 'ERR_KIS_RESPONSE'],
    ['success without an output', { status: 200, body: { rt_cd: '0', msg_cd: 'MCA00000' } }, 'ERR_KIS_RESPONSE'],
    ['success with empty fields', { status: 200, body: { rt_cd: '0', output: { stck_prpr: '' } } }, 'ERR_KIS_RESPONSE'],
  ])('bug 13: %s is an error and never a price', async (_, failNext, code) => {
    const { fake, client, play } = createOneClock({ sameTokenMs: 0 });
    const one = client({ retry: false });
    await play(price(one));
    fake.control({ failNext: { count: 10, path: 'inquire-price', ...failNext } });
    const { errors } = await play(outcomes([price(one)]));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code });
  });

  test('bug 13: the zeros that KIS gives for a stock it does not know are an error, too', async () => {
    const { client, play } = createOneClock();
    const one = client();
    const { values, errors } = await play(
      outcomes<unknown>([
        one.getCurrentPrice('ZZZZZZ'),
        one.getOrderBook('ZZZZZZ'),
        one.getChart('ZZZZZZ', { period: 'day', count: 1 }),
      ]),
    );
    expect(values).toEqual([]);
    expect(errors.every((error) => error instanceof KisApiError)).toBe(true);
  });

  test('bug 16: fields that KIS adds to a reply are kept, and change nothing else', async () => {
    const { fake, client, play } = createOneClock();
    const one = client();
    const { raw, timestampMs, ...known } = await play(one.getCurrentPrice('005930'));
    const output = { ...(raw.output as object), added_one: '1', added_list: [{}] };
    fake.control({ failNext: { count: 1, path: 'inquire-price', status: 200, body: { ...raw, output, output9: [] } } });
    const later = await play(one.getCurrentPrice('005930'));
    expect(later).toMatchObject(known);
    expect(later.timestampMs).toBeGreaterThanOrEqual(timestampMs);
    expect(later.raw).toEqual({ ...raw, output, output9: [] });
  });

  test.each<[string, (stage: ReturnType<typeof createOneClock>) => void]>([
    ['says nothing', ({ fake }) => fake.control({ latencyMs: 3_600_000 })],
    ['stops in the middle', ({ fake }) => fake.control({ failNext: { count: 9, path: 'price', cut: 'never-ends' } })],
  ])('bug 24: a KIS that %s is left after timeoutMs', async (_, fall) => {
    const stage = createOneClock();
    const one = stage.client({ timeoutMs: 10_000 });
    await stage.play(price(one));
    fall(stage);
    const calling = outcomes([price(one)]);
    expect(await stage.durationMs(calling)).toBeLessThanOrEqual(10_100);
    const [error] = (await calling).errors;
    expect(error).toBeInstanceOf(KisNetworkError);
    expect(error).toMatchObject({ mayHaveArrived: true, cause: { name: 'TimeoutError' } });
  });
});
