import { describe, expect, test } from 'vitest';
import { KisApiError, type OverseasExchange, type OverseasStock } from '../src/index.ts';
import { createLocalTime } from '../src/overseas/local-time.ts';
import { ok, startClient } from './harness.ts';
import { priceDetail } from './recorded.ts';
import { startAt } from './stage.ts';

const apple: OverseasStock = { exchange: 'NAS', symbol: 'AAPL' };
const evening = '2026-11-20T23:45:10+09:00';

describe('a price abroad', () => {
  const output = {
    rsym: 'DNASTSLA',
    zdiv: '4',
    base: '258.0800',
    pvol: '108861698',
    last: '245.0100',
    sign: '5',
    diff: '13.0700',
    rate: '-5.06',
    tvol: '132541640',
    tamt: '32907071789',
    ordy: '매수주문 가능',
  };

  test('is typed, falls where KIS says so, and the answer is kept as it came', async () => {
    const { client, calls } = await startClient(() => ok({ output }));
    const price = await client.getOverseasPrice({ exchange: 'NAS', symbol: 'TSLA' });
    expect(price).toMatchObject({
      exchange: 'NAS',
      symbol: 'TSLA',
      currentPrice: 245.01,
      previousClose: 258.08,
      changePrice: -13.07,
      changeRate: -5.06,
      decimalPlaces: 4,
      volume: 132_541_640,
      tradingValue: 32_907_071_789,
      raw: { output },
    });
    expect(calls[0]?.query).toEqual({ AUTH: '', EXCD: 'NAS', SYMB: 'TSLA' });
  });

  test.each([
    ['2', '1.5000', '+5.61', 1.5, 5.61],
    ['0', '0.0000', ' 0.00', 0, 0],
    ['3', '0.0000', ' 0.00', 0, 0],
    ['5', '1.5000', '5.61', -1.5, -5.61],
  ])('with sign %s, diff %s and rate %j has changed by %d, %d percent', async (sign, diff, rate, price, percent) => {
    const { client } = await startClient(() => ok({ output: { ...output, sign, diff, rate } }));
    expect(await client.getOverseasPrice(apple)).toMatchObject({ changePrice: price, changeRate: percent });
  });

  test.each([
    [{ last: 'x' }, 'output.last'],
    [{ tvol: '' }, 'output.tvol'],
    [{ zdiv: '99' }, 'output.zdiv'],
  ])('with %j is an error that names the place', async (wrong, where) => {
    const { client } = await startClient(() => ok({ output: { ...output, ...wrong } }));
    await expect(client.getOverseasPrice(apple)).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', where });
  });

  test.each([[{}], [[]], [{ rsym: 'DNASAAPL', last: '' }], [{ last: '0.0000' }]])(
    'of a symbol that KIS does not know, which it answers with %j, is an error',
    async (nothing) => {
      const { client } = await startClient(() => ok({ output: nothing }));
      await expect(client.getOverseasPrice(apple)).rejects.toThrow('KIS knows no stock AAPL on NAS');
    },
  );

  test.each([
    [{ exchange: 'NASDAQ', symbol: 'AAPL' }, /`exchange` must be one of 'NAS', 'NYS', .*, got NASDAQ/],
    [{ exchange: 'NAS', symbol: 'aapl' }, /`symbol` must be 1 to 16 digits, capital letters/],
    [{ exchange: 'NAS', symbol: 700 }, /`symbol` .* got 700/],
  ])('%j is a TypeError before any call', async (stock, message) => {
    const { client, calls } = await startClient(() => ok({ output }));
    const wrong = stock as OverseasStock;
    for (const call of [client.getOverseasPrice(wrong), client.getOverseasChart(wrong, { period: 'day', count: 1 })]) {
      await expect(call).rejects.toThrow(message);
      await expect(call).rejects.toThrow(TypeError);
    }
    expect(calls).toHaveLength(0);
  });

  test.each([
    ['NAS', 'AAPL', 4],
    ['NYS', 'BRK/B', 4],
    ['AMS', 'SPY', 4],
    ['HKS', '00700', 3],
    ['TSE', '7203', 1],
    ['SHS', '600519', 3],
    ['SZS', '000858', 3],
    ['HSX', 'VNM', 0],
    ['HNX', 'SHS', 0],
  ] as const)('of %s %s has its exchange’s %i decimal places', async (exchange, symbol, decimalPlaces) => {
    const { client } = startAt(evening, { environment: 'virtual' });
    const price = await client.getOverseasPrice({ exchange, symbol });
    expect(price).toMatchObject({ exchange, symbol, decimalPlaces });
    expect(price.currentPrice).toBe(Number(price.currentPrice.toFixed(decimalPlaces)));
    expect(price.changePrice).toBeCloseTo(price.currentPrice - price.previousClose, 6);
  });
});

describe('the detail of a price abroad', () => {
  test('is typed, as recorded', async () => {
    const { client } = await startClient(() => ({ body: priceDetail }));
    expect(await client.getOverseasPriceDetail('TSLA', { country: 'US' })).toMatchObject({
      exchange: 'NAS',
      symbol: 'TSLA',
      currency: 'USD',
      currentPrice: 245.01,
      previousClose: 258.08,
      changePrice: -13.07,
      changeRate: -5.06,
      decimalPlaces: 4,
      openPrice: 257.26,
      highPrice: 259.0794,
      lowPrice: 242.01,
      volume: 132_541_640,
      yearHighPrice: 313.8,
      yearLowPrice: 101.81,
      marketCap: 777_659_289_900,
      listedShares: 3_173_990_000,
      per: 69.51,
      pbr: 15.21,
      eps: 3.52,
      bps: 16.11,
      lotSize: 1,
      sector: '자동차',
      wonPrice: 323_658,
      wonRate: 1_321,
      raw: priceDetail,
    });
  });

  test('is found at the exchange that has it, which is remembered', async () => {
    const { client, asked } = startAt(evening);
    const exchanges = () => asked.splice(0).map(({ params }) => params.EXCD);
    expect(await client.getOverseasPriceDetail('SPY', { country: 'US' })).toMatchObject({ exchange: 'AMS' });
    expect(exchanges()).toEqual(['NAS', 'NYS', 'AMS']);
    expect(await client.getOverseasPriceDetail('SPY', { country: 'US' })).toMatchObject({ exchange: 'AMS' });
    expect(exchanges()).toEqual(['AMS']);
    expect(await client.getOverseasPriceDetail('SHS', { country: 'VN' })).toMatchObject({ exchange: 'HNX' });
    expect(exchanges()).toEqual(['HSX', 'HNX']);
  });

  test('of one that has moved to another exchange is found there, and asked for there from then on', async () => {
    let home = 'NYS';
    const { client, calls } = await startClient(({ query }) =>
      query.EXCD === home ? { body: priceDetail } : ok({ output: { last: '' } }),
    );
    const find = async () => {
      const before = calls.length;
      const { exchange } = await client.getOverseasPriceDetail('TSLA', { country: 'US' });
      return [exchange, ...calls.slice(before).map(({ query }) => query.EXCD)];
    };
    expect(await find()).toEqual(['NYS', 'NAS', 'NYS']);
    home = 'NAS';
    expect(await find()).toEqual(['NAS', 'NYS', 'NAS']);
    expect(await find()).toEqual(['NAS', 'NAS']);
  });

  test('of one that no exchange of the country has is an error that names them', async () => {
    const { client, asked } = startAt(evening);
    const error = await client.getOverseasPriceDetail('AAPL', { country: 'CN' }).catch((it) => it);
    expect(error).toBeInstanceOf(KisApiError);
    expect(error.message).toBe('KIS knows no stock AAPL on SHS, SZS');
    expect(asked).toHaveLength(2);
    const wrong = client.getOverseasPriceDetail('AAPL', { country: 'KR' as 'US' });
    await expect(wrong).rejects.toThrow("`country` must be one of 'US', 'HK', 'JP', 'CN', 'VN', got KR");
  });

  test('is not on the virtual host', async () => {
    const { client, fake } = startAt(evening, { environment: 'virtual' });
    const call = client.getOverseasPriceDetail('AAPL', { country: 'US' });
    await expect(call).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED', source: "KIS's virtual host" });
    expect(fake.log().calls).toBe(0);
  });
});

describe('a chart abroad', () => {
  test.each(['day', 'week', 'month'] as const)(
    'of 250 candles by the %s has each once, newest first, over several pages, on either host',
    async (period) => {
      for (const environment of ['real', 'virtual'] as const) {
        const { client, asked } = startAt(evening, { environment });
        const candles = await client.getOverseasChart(apple, { period, count: 250 });
        const dates = candles.map(({ date }) => date);
        expect(candles).toHaveLength(250);
        expect(dates).toEqual([...new Set(dates)].sort().reverse());
        expect(asked.map(({ params }) => params.BYMD?.length)).toEqual([0, 8, 8]);
        expect(candles[0]?.closePrice).toBe((await client.getOverseasPrice(apple)).currentPrice);
      }
    },
  );

  test('of a young stock ends where its days end', async () => {
    const row = (xymd: string) => ({ xymd, open: '1', high: '2', low: '1', clos: '2', tvol: '3', tamt: '5' });
    const { client, calls } = await startClient(({ query }) => {
      const dates = ['20261120', '20261119', '20261118'].filter((date) => query.BYMD === '' || date <= `${query.BYMD}`);
      return ok({ output1: { zdiv: '4', nrec: String(dates.length) }, output2: dates.map(row) });
    });
    expect(await client.getOverseasChart(apple, { period: 'day', count: 9 })).toHaveLength(3);
    expect(calls).toHaveLength(2);
  });

  test('is adjusted for splits unless told otherwise', async () => {
    const { client, asked } = startAt('2024-06-12T00:00:00+09:00');
    const nvidia: OverseasStock = { exchange: 'NAS', symbol: 'NVDA' };
    const [split, before] = await client.getOverseasChart(nvidia, { period: 'day', count: 4, adjusted: false });
    expect(asked[0]?.params.MODP).toBe('0');
    const adjusted = await client.getOverseasChart(nvidia, { period: 'day', count: 4 });
    expect(asked[1]?.params.MODP).toBe('1');
    expect(adjusted[0]).toEqual(split);
    expect(before?.date).toBe(adjusted[1]?.date);
  });

  test.each([
    ['1m', 500],
    ['5m', 300],
    ['30m', 150],
    ['60m', 60],
  ] as const)('of minutes (%s x %i) runs on from page to page, none twice and none left out', async (period, count) => {
    const { client, asked } = startAt(evening);
    const candles = await client.getOverseasChart(apple, { period, count });
    const starts = candles.map(({ startMs }) => startMs);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => b - a));
    expect(candles).toHaveLength(count);
    expect(asked).toHaveLength(Math.ceil(count / 120));
    expect(asked.map(({ params }) => params.NEXT)).toEqual(['', ...Array(asked.length - 1).fill('1')]);
    const ms = Number.parseInt(period, 10) * 60_000;
    for (const [index, startMs] of starts.entries()) {
      const [before, date] = [starts[index + 1], candles[index]?.date];
      if (before !== undefined && candles[index + 1]?.date === date && startMs - before !== ms) {
        // The closing auction is one of its own.
        expect(new Date(startMs).toISOString()).toMatch(/T21:00/);
      }
    }
  });

  test('of minutes ends where KIS says so', async () => {
    const { client, asked } = startAt(evening);
    const candles = await client.getOverseasChart(apple, { period: '60m', count: 5_000 });
    expect(candles.length).toBeGreaterThan(120);
    expect(asked).toHaveLength(Math.ceil(candles.length / 120));
  });

  test('of minutes ends, too, at a server that gives the same page again and says that there is more', async () => {
    const row = { xymd: '20261120', xhms: '093000', open: '1', high: '2', low: '1', last: '2', evol: '3', eamt: '5' };
    const output1 = { stim: '093000', next: '1', more: '1' };
    const { client, calls } = await startClient(() => ok({ output1, output2: [row, row, {}] }));
    expect(await client.getOverseasChart(apple, { period: '1m', count: 100 })).toHaveLength(1);
    expect(calls.map(({ query }) => query.KEYB)).toEqual(['', '20261120092900']);
  });

  test.each([
    ['NAS', 'AAPL', '2026-03-06', '14:30', '2026-03-06T05:00:00Z'],
    ['NAS', 'AAPL', '2026-03-09', '13:30', '2026-03-09T04:00:00Z'],
    ['NYS', 'KO', '2026-10-30', '13:30', '2026-10-30T04:00:00Z'],
    ['NYS', 'KO', '2026-11-02', '14:30', '2026-11-02T05:00:00Z'],
    ['HKS', '00700', '2026-11-02', '01:30', '2026-11-01T16:00:00Z'],
    ['TSE', '7203', '2026-11-02', '00:00', '2026-11-01T15:00:00Z'],
    ['SHS', '600519', '2026-11-02', '01:30', '2026-11-01T16:00:00Z'],
    ['HSX', 'VNM', '2026-11-02', '02:15', '2026-11-01T17:00:00Z'],
  ] as const)('at %s (%s) on %s begins at %s UTC, summer and winter, and the day at %s', async (...row) => {
    const [exchange, symbol, date, opens, dayBegins] = row;
    const { client } = startAt(`${date}T23:00:00Z`);
    const stock = { exchange: exchange as OverseasExchange, symbol };
    const minutes = await client.getOverseasChart(stock, { period: '1m', count: 500 });
    const [day] = await client.getOverseasChart(stock, { period: 'day', count: 1 });
    const ofDay = minutes.filter((it) => it.date === day?.date);
    expect(day?.date).toBe(date.replaceAll('-', ''));
    expect(ofDay.at(-1)?.startMs).toBe(Date.parse(`${date}T${opens}:00Z`));
    expect(day?.startMs).toBe(Date.parse(dayBegins));
    expect(Math.max(...ofDay.map(({ highPrice }) => highPrice))).toBe(day?.highPrice);
  });

  test.each(['day', '5m'] as const)('by %s of a symbol that KIS does not know is an error', async (period) => {
    const { client } = startAt(evening);
    const call = client.getOverseasChart({ exchange: 'NYS', symbol: 'AAPL' }, { period, count: 5 });
    await expect(call).rejects.toThrow('KIS knows no stock AAPL on NYS');
  });

  test('of minutes of a stock that has not been traded yet is empty', async () => {
    const { client } = await startClient(() => ok({ output1: { stim: '093000' }, output2: [{}] }));
    expect(await client.getOverseasChart(apple, { period: '5m', count: 5 })).toEqual([]);
  });

  test('of minutes is not on the virtual host', async () => {
    const { client, fake } = startAt(evening, { environment: 'virtual' });
    const call = client.getOverseasChart(apple, { period: '5m', count: 5 });
    await expect(call).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' });
    expect(fake.log().calls).toBe(0);
  });

  test.each([
    [{ period: '4m', count: 1 }, /`period` must be one of 'day', 'week', 'month', '1m', .*'60m', got 4m/],
    [{ period: 'day', count: 0 }, /`count` must be an integer >= 1, got 0/],
  ])('%j is refused before any call', async (options, message) => {
    const { client, asked } = startAt(evening);
    await expect(client.getOverseasChart(apple, options as never)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });

  test.each([
    [{ xhms: '256000' }, 'output2[0].xhms'],
    [{ xymd: '20261131' }, 'output2[0].xhms'],
    [{ last: '' }, 'output2[0].last'],
  ])('of minutes with %j is an error that names the place', async (wrong, where) => {
    const row = { xymd: '20261120', xhms: '093000', open: '1', high: '2', low: '1', last: '2', evol: '3', eamt: '5' };
    const { client } = await startClient(() => ok({ output1: { stim: '1' }, output2: [{ ...row, ...wrong }] }));
    const call = client.getOverseasChart(apple, { period: '1m', count: 1 });
    await expect(call).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', where });
  });
});

describe('the time of a place', () => {
  test.each([
    ['America/New_York', '20260308', '015959', '2026-03-08T06:59:59Z'],
    ['America/New_York', '20260308', '030000', '2026-03-08T07:00:00Z'],
    ['America/New_York', '20261101', '000000', '2026-11-01T04:00:00Z'],
    ['America/New_York', '20261101', '013000', '2026-11-01T05:30:00Z'],
    ['America/New_York', '20261101', '020000', '2026-11-01T07:00:00Z'],
    ['America/New_York', '20061029', '030000', '2006-10-29T08:00:00Z'],
    ['Asia/Shanghai', '19900701', '000000', '1990-06-30T15:00:00Z'],
    ['Asia/Tokyo', '20261231', '235959', '2026-12-31T14:59:59Z'],
    ['Etc/UTC', '20261231', '235959', '2026-12-31T23:59:59Z'],
  ])('(%s, %s %s) is %s', (zone, date, time, instant) => {
    expect(createLocalTime(zone)(date, time)).toBe(Date.parse(instant));
  });

  test('of no date or no time is undefined', () => {
    expect(createLocalTime('Asia/Tokyo')('20261131', '000000')).toBeUndefined();
    expect(createLocalTime('Asia/Tokyo')('20261130', '240000')).toBeUndefined();
  });
});
