import { createFakeKis, type FakeKis, type FakeKisOptions } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { type Clock, type KisEnvironment, systemClock, type Token, type TokenManager } from '@kis/token-core';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Candle,
  createKisClient,
  KisApiError,
  type KisClient,
  type KisRequest,
  type Middleware,
} from '../src/index.ts';
import { appKey, appSecret, createFakeTokens, ok, startClient } from './harness.ts';
import { minuteChart } from './recorded.ts';

const korea = (time: string) => Date.parse(`${time}+09:00`);
const samsung = '005930';

function clockAt(ms: number): Clock {
  const { monotonicMs, setTimer } = systemClock;
  return { nowMs: () => ms, monotonicMs, setTimer };
}

interface Stage {
  readonly client: KisClient;
  readonly asked: KisRequest[];
}

/** The client over a fake KIS at which it is that time in Korea. `offMs`: how far the host's clock is ahead of that. */
function startAt(
  time: string,
  {
    environment = 'real',
    offMs = 0,
    use = [],
  }: { environment?: KisEnvironment; offMs?: number; use?: Middleware[] } = {},
): Stage {
  const options: FakeKisOptions = { environment, clock: clockAt(korea(time)), symbols: 130, limit: 100_000 };
  const fake = createFakeKis(options);
  const asked: KisRequest[] = [];
  const client = createKisClient({
    appKey,
    appSecret,
    environment,
    dispatcher: fake.dispatcher,
    tokens: offMs === 0 ? undefined : createUntimedTokens(fake),
    rateLimiter: createRateLimiter({ limit: 100_000 }),
    clock: clockAt(korea(time) + offMs),
    use: [
      (next) => (request) => {
        asked.push(request);
        return next(request);
      },
      ...use,
    ],
  });
  onTestFinished(() => client.close());
  return { client, asked };
}

/** From which no client learns what time it is at KIS. */
function createUntimedTokens(fake: FakeKis): TokenManager {
  const body = JSON.stringify({ grant_type: 'client_credentials', appkey: appKey, appsecret: appSecret });
  async function ask(): Promise<Token> {
    const reply = await fake.handle(new Request('http://kis.test/oauth2/tokenP', { method: 'POST', body }));
    const { access_token } = (await reply.json()) as { access_token: string };
    return { value: access_token, issuedAtMs: 0, expiresAtMs: Infinity };
  }
  const token = ask();
  return { ...createFakeTokens(), getToken: () => token };
}

/** `20261120 1030` */
const label = ({ date, startMs }: Candle) =>
  `${date} ${new Date(startMs + 9 * 3_600_000).toISOString().slice(11, 16).replace(':', '')}`;
const labels = (candles: readonly Candle[]) => candles.map(label);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** One candle of those, newest first. */
function join(candles: readonly Candle[]) {
  return {
    openPrice: candles.at(-1)?.openPrice,
    highPrice: Math.max(...candles.map(({ highPrice }) => highPrice)),
    lowPrice: Math.min(...candles.map(({ lowPrice }) => lowPrice)),
    closePrice: candles[0]?.closePrice,
    volume: sum(candles.map(({ volume }) => volume)),
    tradingValue: sum(candles.map(({ tradingValue }) => tradingValue)),
  };
}

describe('a chart of minutes', () => {
  test.each([
    ['1m', 381, ['20261120 1530', '20261120 1519', '20261120 1518'], '20261120 0900'],
    ['5m', 77, ['20261120 1530', '20261120 1515', '20261120 1510'], '20261120 0900'],
    ['30m', 14, ['20261120 1530', '20261120 1500', '20261120 1430'], '20261120 0900'],
  ] as const)("of a whole day has %s candles %i times, and the closing auction's is one of its own", async (...row) => {
    const [period, count, newest, oldest] = row;
    const { client } = startAt('2026-11-20T20:00:00');
    const candles = await client.getChart(samsung, { period, count });
    expect(candles).toHaveLength(count);
    expect(labels(candles).slice(0, 3)).toEqual(newest);
    expect(candles.map(label).at(-1)).toBe(oldest);
  });

  test.each(['09:00:00', '09:00:07', '10:30:20', '13:47:11', '15:25:00', '20:00:00'])(
    'adds up to the price of that moment (%s), whatever its period',
    async (time) => {
      const { client } = startAt(`2026-11-20T${time}`);
      for (const code of [samsung, '028300', '0001A0']) {
        const price = await client.getCurrentPrice(code);
        for (const period of ['1m', '5m', '30m'] as const) {
          const candles = await client.getChart(code, { period, count: 400 });
          expect(join(candles.filter(({ date }) => date === '20261120'))).toEqual({
            openPrice: price.openPrice,
            highPrice: price.highPrice,
            lowPrice: price.lowPrice,
            closePrice: price.currentPrice,
            volume: price.volume,
            tradingValue: price.tradingValue,
          });
        }
      }
    },
  );

  test('runs on into the days before, each of which adds up to its candle by the day', async () => {
    const { client } = startAt('2026-11-23T10:30:00');
    const candles = await client.getChart(samsung, { period: '1m', count: 91 + 2 * 381 });
    expect(new Set(labels(candles)).size).toBe(candles.length);
    expect(labels(candles)).toEqual([...labels(candles)].sort().reverse());
    const days = await client.getChart(samsung, { period: 'day', count: 3 });
    expect(days.map(({ date }) => date)).toEqual(['20261123', '20261120', '20261119']);
    for (const day of days) {
      const minutes = candles.filter(({ date }) => date === day.date);
      expect(minutes).toHaveLength(day === days[0] ? 91 : 381);
      expect({ ...day, ...join(minutes) }).toEqual(day);
    }
  });

  test('has the same candles whatever their count, so none of them is cut in half', async () => {
    const { client } = startAt('2026-11-20T11:12:13');
    const most = { '1m': 160, '5m': 120, '30m': 40 } as const;
    const minutes = await client.getChart(samsung, { period: '1m', count: 1_600 });
    for (const [period, perBar] of [
      ['1m', 1],
      ['5m', 5],
      ['30m', 30],
    ] as const) {
      const whole = await client.getChart(samsung, { period, count: most[period] });
      for (const candle of whole) {
        const own = minutes.filter(
          ({ startMs }) => candle.startMs <= startMs && startMs < candle.startMs + perBar * 60_000,
        );
        expect({ ...candle, ...join(own) }).toEqual(candle);
      }
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: most[period] }), async (count) => {
          expect(await client.getChart(samsung, { period, count })).toEqual(whole.slice(0, count));
        }),
        { numRuns: 12 },
      );
    }
  });

  test.each([
    ['real', '20T09:00:00', '1m', 1, [1, 0]],
    ['real', '20T09:29:30', '1m', 30, [1, 0]],
    ['real', '20T09:29:30', '5m', 6, [1, 0]],
    ['real', '20T09:30:00', '5m', 7, [1, 1]],
    ['real', '20T09:59:30', '1m', 29, [1, 0]],
    ['real', '20T09:59:30', '1m', 60 + 239, [1, 3]],
    ['real', '20T09:05:00', '1m', 100, [1, 1]],
    ['real', '20T20:00:00', '1m', 381, [1, 3]],
    ['real', '21T11:00:00', '1m', 100, [1, 1]],
    ['real', '23T08:30:00', '1m', 100, [1, 1]],
    ['virtual', '20T08:30:00', '1m', 3, [1, 0]],
    ['virtual', '20T09:00:00', '1m', 1, [1, 0]],
    ['virtual', '20T09:05:00', '1m', 100, [1, 0]],
    ['virtual', '20T09:29:30', '1m', 30, [1, 0]],
    ['virtual', '20T09:29:30', '5m', 6, [1, 0]],
    ['virtual', '20T20:00:00', '1m', 381, [13, 0]],
    ['virtual', '21T11:00:00', '1m', 1, [2, 0]],
    ['virtual', '21T20:00:00', '1m', 1, [1, 0]],
  ] as const)('costs as little as can be: on the %s host at %s, %s x %i, calls %j', async (...row) => {
    const [environment, time, period, count, calls] = row;
    const { client, asked } = startAt(`2026-11-${time}`, { environment });
    await client.getChart(samsung, { period, count });
    const past = asked.filter(({ trId }) => trId === 'FHKST03010230').length;
    expect([asked.length - past, past]).toEqual(calls);
  });

  test.each(['09:29:30', '10:00:30', '20:00:00'])(
    'is the same (%s) where the call for past days has none of today',
    async (time) => {
      const withoutToday: Middleware = (next) => (request) => {
        const { FID_INPUT_DATE_1 } = request.params;
        const end = { FID_INPUT_DATE_1: '20261119', FID_INPUT_HOUR_1: '153000' };
        return next(FID_INPUT_DATE_1 === '20261120' ? { ...request, params: { ...request.params, ...end } } : request);
      };
      const usual = startAt(`2026-11-20T${time}`);
      const other = startAt(`2026-11-20T${time}`, { use: [withoutToday] });
      for (const count of [20, 60, 600]) {
        const candles = await other.client.getChart(samsung, { period: '1m', count });
        expect(candles).toHaveLength(count);
        expect(candles).toEqual(await usual.client.getChart(samsung, { period: '1m', count }));
      }
    },
  );

  test('never asks for an hour that is yet to come', async () => {
    for (const time of ['08:30:00', '09:00:00', '10:30:59', '15:29:00', '20:00:00']) {
      const { client, asked } = startAt(`2026-11-20T${time}`);
      await client.getChart(samsung, { period: '30m', count: 20 });
      for (const { params } of asked) {
        const isToday = (params.FID_INPUT_DATE_1 ?? '20261120') === '20261120';
        if (isToday) expect(params.FID_INPUT_HOUR_1?.localeCompare(time.replaceAll(':', ''))).not.toBe(1);
      }
    }
  });

  test.each([
    ['before the open', '2026-11-23T08:59:00'],
    ['on a Saturday', '2026-11-21T11:00:00'],
    ['on a Saturday before nine', '2026-11-21T08:00:00'],
    ['on a Sunday evening', '2026-11-22T20:00:00'],
  ])('%s begins with the end of the last session', async (_, time) => {
    const { client } = startAt(time);
    const candles = await client.getChart(samsung, { period: '1m', count: 382 });
    expect(labels(candles.slice(0, 2))).toEqual(['20261120 1530', '20261120 1519']);
    expect(labels(candles.slice(-2))).toEqual(['20261120 0900', '20261119 1530']);
  });

  test.each([3_600_000, -3_600_000, 86_400_000, -86_400_000])(
    'ends at the minute that it is at KIS, on a host that is %i ms off, too',
    async (offMs) => {
      const { client } = startAt('2026-11-20T10:30:20', { offMs });
      const candles = await client.getChart(samsung, { period: '1m', count: 100 });
      expect(labels(candles.slice(0, 2))).toEqual(['20261120 1030', '20261120 1029']);
      expect(labels(candles.slice(90, 92))).toEqual(['20261120 0900', '20261119 1530']);
    },
  );

  test('of a code that KIS does not know is an error', async () => {
    for (const environment of ['real', 'virtual'] as const) {
      const { client } = startAt('2026-11-20T10:30:00', { environment });
      await expect(client.getChart('ZZZZZZ', { period: '1m', count: 5 })).rejects.toBeInstanceOf(KisApiError);
    }
  });
});

describe('a chart of minutes on the virtual host', () => {
  const environment = 'virtual';

  test.each([
    ['1m', 381],
    ['5m', 77],
    ['30m', 14],
  ] as const)(
    'has %s candles of one session, %i at most: more are an UnsupportedError before any call',
    async (...row) => {
      const [period, most] = row;
      const { client, asked } = startAt('2026-11-20T20:00:00', { environment });
      await expect(client.getChart(samsung, { period, count: most + 1 })).rejects.toMatchObject({
        code: 'ERR_UNSUPPORTED',
        source: "KIS's virtual host",
        capability: `'${period}' candles of past days`,
      });
      expect(asked).toEqual([]);
      expect(await client.getChart(samsung, { period, count: most })).toHaveLength(most);
      expect(new Set(asked.map(({ trId }) => trId))).toEqual(new Set(['FHKST03010200']));
    },
  );

  test('has so far what today has', async () => {
    const { client } = startAt('2026-11-20T09:02:30', { environment });
    const candles = await client.getChart(samsung, { period: '1m', count: 100 });
    expect(labels(candles)).toEqual(['20261120 0902', '20261120 0901', '20261120 0900']);
    const early = startAt('2026-11-20T08:30:00', { environment });
    expect(await early.client.getChart(samsung, { period: '1m', count: 100 })).toEqual([]);
  });

  test('is whole on a host that is less than a minute ahead, whose page begins with a minute to come', async () => {
    const { client } = startAt('2026-11-20T10:30:30', { environment, offMs: 40_000 });
    expect(await client.getChart(samsung, { period: '1m', count: 100 })).toHaveLength(91);
  });

  test('is that of the last session on a day without one', async () => {
    const { client } = startAt('2026-11-21T11:00:00', { environment });
    const candles = await client.getChart(samsung, { period: '30m', count: 14 });
    expect(labels([candles[0], candles.at(-1)] as Candle[])).toEqual(['20261120 1530', '20261120 0900']);
  });
});

describe('minutes that KIS gives otherwise', () => {
  const minute = (hour: string, price: number, volume: number, total: number, date = '20261120') => ({
    stck_bsop_date: date,
    stck_cntg_hour: hour,
    stck_prpr: String(price),
    stck_oprc: String(price),
    stck_hgpr: String(price),
    stck_lwpr: String(price),
    cntg_vol: String(volume),
    acml_tr_pbmn: String(total),
  });
  const date = (time: string) => ({ date: new Date(korea(time)).toUTCString() });
  const chart = (output2: unknown, time = '2026-11-20T10:00:30') => ({
    ...ok({ output1: { stck_prpr: '1' }, output2 }),
    headers: date(time),
  });

  test('as recorded: the value of a minute is what it adds to the day', async () => {
    const headers = date('2024-06-11T12:50:30');
    const { client } = await startClient(({ path }) =>
      path.endsWith('time-itemchartprice') ? { body: minuteChart, headers } : { ...ok({ output2: [] }), headers },
    );
    const [newest] = await client.getChart(samsung, { period: '1m', count: 1 });
    expect(newest).toEqual({
      stockCode: samsung,
      date: '20240611',
      startMs: korea('2024-06-11T12:50:00'),
      openPrice: 75_300,
      highPrice: 75_400,
      lowPrice: 75_300,
      closePrice: 75_300,
      volume: 69_449,
      tradingValue: 677_732_980_500 - 672_499_305_400,
    });
  });

  test('such as one to come, a day before, twice, unordered and empty ones: each counts once, by its own date', async () => {
    const rows = [
      minute('100100', 999, 1, 999),
      minute('095900', 20, 2, 60),
      minute('100000', 30, 1, 90),
      {},
      minute('095900', 21, 3, 61),
      minute('095700', 10, 2, 20),
      minute('153000', 5, 7, 35, '20261119'),
    ];
    const { client, calls } = await startClient(() => chart(rows));
    const candles = await client.getChart(samsung, { period: '1m', count: 50 });
    expect(candles.map((it) => [label(it), it.closePrice, it.volume, it.tradingValue])).toEqual([
      ['20261120 1000', 30, 1, 30],
      ['20261120 0959', 20, 2, 40],
      ['20261120 0957', 10, 2, 20],
      ['20261119 1530', 5, 7, 35],
    ]);
    expect(calls.length).toBeLessThan(6);
  });

  test('of a day before among those of today: not on the virtual host, which has one session', async () => {
    const rows = [minute('100000', 30, 1, 50), minute('095900', 20, 1, 20), minute('153000', 5, 7, 35, '20261119')];
    const rateLimiter = createRateLimiter({ limit: 100 });
    const { client } = await startClient(() => chart(rows), { environment: 'virtual', rateLimiter });
    const candles = await client.getChart(samsung, { period: '1m', count: 5 });
    expect(labels(candles)).toEqual(['20261120 1000', '20261120 0959']);
  });

  test('of few days: the chart ends where KIS has no more', async () => {
    const days = Array.from({ length: 20 }, (_, day) => `202610${String(day + 1).padStart(2, '0')}`).reverse();
    const { client, calls } = await startClient(({ path, query }) => {
      if (path.endsWith('time-itemchartprice')) return chart([]);
      const [last] = days.filter((it) => `${it}0900` <= `${query.FID_INPUT_DATE_1}${query.FID_INPUT_HOUR_1}`);
      return chart(last === undefined ? [{}] : [minute('090000', 5, 1, 5, last)]);
    });
    const candles = await client.getChart(samsung, { period: '30m', count: 100 });
    expect(candles.map((it) => [it.date, it.tradingValue])).toEqual(days.map((day) => [day, 5]));
    expect(calls.filter(({ headers }) => headers.tr_id === 'FHKST03010230')).toHaveLength(21);
  });

  test('with the volume of the minute before, until there is a trade: only in the newest is no value no volume', async () => {
    const { client } = await startClient(() =>
      chart([minute('100000', 20, 3, 60), minute('095900', 20, 3, 60), minute('095800', 20, 3, 60)]),
    );
    const candles = await client.getChart(samsung, { period: '1m', count: 5 });
    expect(candles.map(({ volume, tradingValue }) => [volume, tradingValue])).toEqual([
      [0, 0],
      [3, 0],
      [3, 60],
    ]);
  });

  test('with a total that falls: nothing was traded, rather than less', async () => {
    const { client } = await startClient(() =>
      chart([minute('100000', 20, 1, 80), minute('095900', 20, 1, 60), minute('095800', 20, 5, 100)]),
    );
    const values = async (period: '1m' | '30m') =>
      (await client.getChart(samsung, { period, count: 5 })).map(({ tradingValue }) => tradingValue);
    expect(await values('1m')).toEqual([20, 0, 100]);
    expect(await values('30m')).toEqual([20, 100]);
  });

  test('from the middle of a session on: the first one, whose own value is unknown, is left out', async () => {
    const archive = [
      minute('100200', 20, 2, 1_060, '20261119'),
      minute('100100', 20, 1, 1_020, '20261119'),
      minute('100000', 20, 5, 1_000, '20261119'),
    ];
    const { client } = await startClient(({ path }) => chart(path.endsWith('time-itemchartprice') ? [] : archive));
    const candles = async (period: '1m' | '5m') =>
      (await client.getChart(samsung, { period, count: 5 })).map((it) => [label(it), it.volume, it.tradingValue]);
    expect(await candles('1m')).toEqual([
      ['20261119 1002', 2, 40],
      ['20261119 1001', 1, 20],
    ]);
    expect(await candles('5m')).toEqual([['20261119 1000', 3, 60]]);
  });

  test.each([
    ['real', '11:00:00'],
    ['virtual', '11:00:00'],
    ['virtual', '16:00:00'],
  ] as const)(
    'of a session that closed at 16:30: all of them, on the %s host at %s of a day without one',
    async (...row) => {
      const [environment, time] = row;
      const hours = ['163000', '161900', '155000', '110000', '100000'];
      const rows = hours.map((hour, index) => minute(hour, 20, 1, 20 * (5 - index), '20261119'));
      const { client } = await startClient(
        ({ query }) =>
          chart(
            rows.filter(({ stck_cntg_hour }) => stck_cntg_hour <= (query.FID_INPUT_HOUR_1 ?? '')),
            `2026-11-21T${time}`,
          ),
        {
          environment,
          clock: clockAt(korea(`2026-11-21T${time}`)),
          rateLimiter: createRateLimiter({ limit: 100 }),
        },
      );
      const candles = await client.getChart(samsung, { period: '1m', count: 5 });
      expect(labels(candles)).toEqual(hours.map((hour) => `20261119 ${hour.slice(0, 4)}`));
    },
  );

  test('after a long wait: the call is not sent again, for the clock was right', async () => {
    const beganMs = korea('2026-11-20T10:00:30');
    let waitedMs = 0;
    const clock = { ...systemClock, nowMs: () => beganMs + waitedMs, monotonicMs: () => waitedMs };
    const rows = [minute('100000', 20, 1, 40), minute('095900', 20, 1, 20)];
    const { client, calls } = await startClient(
      () => {
        waitedMs += 70_000;
        return chart(rows, '2026-11-20T10:01:40');
      },
      { clock },
    );
    expect(labels(await client.getChart(samsung, { period: '1m', count: 1 }))).toEqual(['20261120 1000']);
    expect(calls.map(({ query }) => query.FID_INPUT_HOUR_1)).toEqual(['100030']);
  });

  test('with numbers for texts, and times whose zero is lost', async () => {
    const row = { ...minute('', 20, 3, 60), stck_bsop_date: 20261120, stck_cntg_hour: 90000, stck_prpr: 21 };
    const { client } = await startClient(() => chart(row));
    const [first] = await client.getChart(samsung, { period: '1m', count: 5 });
    expect(first).toMatchObject({ startMs: korea('2026-11-20T09:00:00'), closePrice: 21, volume: 3 });
  });

  test.each([
    [{ stck_cntg_hour: '' }, 'a text', 'output2[0].stck_cntg_hour'],
    [{ stck_cntg_hour: '256000' }, 'a time of 20261120', 'output2[0].stck_cntg_hour'],
    [{ stck_bsop_date: '20261131' }, 'a time of 20261131', 'output2[0].stck_cntg_hour'],
    [{ cntg_vol: 'x' }, 'a number', 'output2[0].cntg_vol'],
  ])('with %j are an error that names the place', async (wrong, expected, where) => {
    const { client } = await startClient(() => chart([{ ...minute('100000', 20, 3, 60), ...wrong }]));
    const call = client.getChart(samsung, { period: '1m', count: 1 });
    await expect(call).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', expected, where });
  });
});
