import { describe, expect, test } from 'vitest';
import { KisApiError } from '../src/index.ts';
import { ok, refusal, startClient } from './harness.ts';
import { ipoSchedule, stockInfo } from './recorded.ts';
import { startAt } from './stage.ts';

const korea = (time: string) => `${time}+09:00`;
const evening = korea('2026-11-20T20:00:00');

describe('the price of an ETF', () => {
  test('is that of its stock, with what it is worth', async () => {
    const { client } = startAt(evening);
    const etf = await client.getEtfPrice('069500');
    const price = await client.getCurrentPrice('069500');
    for (const name of ['currentPrice', 'changePrice', 'changeRate', 'openPrice', 'highPrice', 'lowPrice'] as const) {
      expect(etf[name]).toBe(price[name]);
    }
    expect(etf.volume).toBe(price.volume);
    expect(etf.deviationRate).toBeCloseTo((etf.currentPrice / (etf.nav ?? 0) - 1) * 100, 2);
    expect(etf.netAssets).toBeCloseTo((etf.nav ?? 0) * (etf.listedShares ?? 0), -9);
    expect(etf).toMatchObject({ indexName: 'KOSPI200', constituents: 200, leverage: 1 });
    expect(etf.raw.output).toMatchObject({ crcd: 'KRW' });
  });

  test('lacks what KIS leaves out', async () => {
    const output = { stck_prpr: '0090', prdy_vrss: '+1', prdy_ctrt: '0.1', acml_vol: '0' };
    const zeros = { stck_oprc: '0', stck_hgpr: '0', stck_lwpr: '0', nav: '', trc_errt: '' };
    const { client } = await startClient(() => ok({ output: { ...output, ...zeros } }));
    const { currentPrice, changePrice, nav, netAssets, constituents } = await client.getEtfPrice('Q500001');
    expect([currentPrice, changePrice, nav, netAssets, constituents]).toEqual([90, 1, undefined, undefined, undefined]);
  });

  test('of what is none, or of no code, is an error; with an unreadable number one that names it', async () => {
    const { client } = startAt(evening);
    await expect(client.getEtfPrice('005930')).rejects.toThrow('KIS knows no stock 005930');
    await expect(client.getEtfPrice('5930')).rejects.toThrow(TypeError);
    const broken = await startClient(() => ok({ output: { stck_prpr: '1', prdy_vrss: 'x' } }));
    await expect(broken.client.getEtfPrice('069500')).rejects.toMatchObject({ where: 'output.prdy_vrss' });
  });
});

describe('how a stock is listed', () => {
  test('is told as recorded, by the call that tells what it is', async () => {
    const { client, calls } = await startClient(() => ({ body: stockInfo }));
    expect(await client.searchStockInfo('000660')).toEqual({
      stockCode: '000660',
      stockName: 'SK하이닉스',
      fullName: '에스케이하이닉스보통주',
      englishName: 'SK hynix',
      isin: 'KR7000660001',
      market: 'KOSPI',
      group: 'ST',
      listingDate: '19961226',
      delistingDate: undefined,
      status: 'listed',
      isAdministrative: false,
      raw: stockInfo,
    });
    expect(calls.map(({ headers }) => headers.tr_id)).toEqual(['CTPF1002R']);
  });

  test.each([
    [{ tr_stop_yn: 'Y' }, { status: 'suspended' }],
    [
      { tr_stop_yn: 'Y', lstg_abol_dt: '20261120' },
      { status: 'delisted', delistingDate: '20261120' },
    ],
    [{ lstg_abol_dt: '20261121' }, { status: 'listed', delistingDate: '20261121' }],
    [{ lstg_abol_dt: '00000000' }, { status: 'listed', delistingDate: undefined }],
    [{ admn_item_yn: 'Y' }, { status: 'listed', isAdministrative: true }],
    [
      { mket_id_cd: 'KSQ', kosdaq_mket_lstg_dt: '2001/02/03' },
      { market: 'KOSDAQ', listingDate: '20010203' },
    ],
    [{ mket_id_cd: 'KNX' }, { market: 'KONEX', listingDate: undefined }],
    [{ mket_id_cd: '' }, { market: undefined, listingDate: undefined }],
  ])('with %j is %j', async (fields, listing) => {
    const headers = { date: 'Fri, 20 Nov 2026 03:00:00 GMT' };
    const output = { ...(stockInfo.output as object), ...fields };
    const { client } = await startClient(() => ({ ...ok({ output }), headers }));
    expect(await client.searchStockInfo('000660')).toMatchObject(listing);
  });

  test('with a date that is none is an error that names it', async () => {
    const output = { ...(stockInfo.output as object), lstg_abol_dt: '20261131' };
    const { client } = await startClient(() => ok({ output }));
    await expect(client.searchStockInfo('000660')).rejects.toMatchObject({ where: 'output.lstg_abol_dt' });
  });

  test('of a code that KIS does not know is an error', async () => {
    const { client } = await startClient(() => refusal('KIER2620', 200, '조회할 자료가 없습니다'));
    await expect(client.searchStockInfo('999999')).rejects.toThrow('KIS knows no stock 999999');
  });

  test('lets the price have its name from then on', async () => {
    const { client } = startAt(evening);
    expect((await client.getCurrentPrice('005930')).stockName).toBeUndefined();
    await client.searchStockInfo('005930');
    expect((await client.getCurrentPrice('005930')).stockName).toBe('삼성전자');
  });
});

describe('the IPO schedule', () => {
  const year = { from: '20240101', to: '20241231' };

  test('has dates, prices and managers read from what KIS writes', async () => {
    const { client, calls } = await startClient(() => ({ body: ipoSchedule }));
    const ipos = await client.getIpoSchedule(year);
    expect(ipos).toHaveLength(6);
    expect(ipos.slice(0, 2)).toEqual([
      {
        stockCode: '461030',
        stockName: '아이엠비디엑스',
        subscriptionStart: '20240325',
        subscriptionEnd: '20240326',
        offerPrice: 13_000,
        faceValue: 100,
        paymentDate: '20240328',
        refundDate: '20240328',
        listingDate: undefined,
        leadManagers: ['미래에셋증권'],
      },
      {
        stockCode: '475240',
        stockName: '하나32호기업인수목적',
        subscriptionStart: '20240318',
        subscriptionEnd: '20240319',
        offerPrice: 2_000,
        faceValue: 100,
        paymentDate: '20240321',
        refundDate: '20240321',
        listingDate: '20240327',
        leadManagers: ['하나증권'],
      },
    ]);
    expect(calls[0]?.query).toEqual({ SHT_CD: '', CTS: '', F_DT: '20240101', T_DT: '20241231' });
  });

  const row = (fields: object) => ({ record_date: '20240304', sht_cd: '036220', isin_name: '이름', ...fields });

  test.each([
    [{ subscr_dt: '2024.03.04~2024.03.05' }, ['20240304', '20240305', undefined, []]],
    [{ subscr_dt: '2024/03/04' }, ['20240304', '20240304', undefined, []]],
    [
      { subscr_dt: ' ', fix_subscr_pri: '           0', lead_mgr: '하나증권, KB증권/NH투자증권' },
      [undefined, undefined, undefined, ['하나증권', 'KB증권', 'NH투자증권']],
    ],
  ])('with %j has %j', async (fields, [start, end, price, managers]) => {
    const { client } = await startClient(() => ok({ output1: [row(fields)] }));
    const [ipo] = await client.getIpoSchedule(year);
    expect(ipo).toMatchObject({ stockCode: '036220', subscriptionStart: start, subscriptionEnd: end });
    expect([ipo?.offerPrice, ipo?.leadManagers]).toEqual([price, managers]);
  });

  test.each([
    [{ subscr_dt: '2024/03/04 ~ 2024/02/31' }, 'output1[0].subscr_dt'],
    [{ subscr_dt: '3월 4일' }, 'output1[0].subscr_dt'],
    [{ list_dt: 'soon' }, 'output1[0].list_dt'],
    [{ isin_name: '' }, 'output1[0].isin_name'],
  ])('with %j is an error that names the place', async (wrong, where) => {
    const { client } = await startClient(() => ok({ output1: [row(wrong)] }));
    await expect(client.getIpoSchedule(year)).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', where });
  });

  test('goes on over pages, newest first', async () => {
    const { client, calls } = await startClient(({ query }) =>
      query.CTS === '2'
        ? ok({ output1: [row({ record_date: '20240520' })], cts: '' })
        : { ...ok({ output1: [row({}), {}], cts: '2  ' }), headers: { tr_cont: 'M' } },
    );
    expect(await client.getIpoSchedule(year)).toHaveLength(2);
    expect(calls.map(({ query, headers }) => [query.CTS, headers.tr_cont])).toEqual([
      ['', ''],
      ['2', 'N'],
    ]);
  });

  test('of a fake KIS lies within the dates, and is that of one code when asked for it', async () => {
    const { client } = startAt(evening);
    const ipos = await client.getIpoSchedule({ from: '20260801', to: '20261031' });
    const starts = ipos.map(({ subscriptionStart }) => subscriptionStart);
    expect(starts.length).toBeGreaterThan(3);
    expect(starts).toEqual([...starts].sort().reverse());
    expect(starts.every((date = '') => date >= '20260801' && date <= '20261031')).toBe(true);
    const code = ipos[0]?.stockCode;
    expect(await client.getIpoSchedule({ from: '20260801', to: '20261031', code })).toEqual([ipos[0]]);
    expect(await client.getIpoSchedule({ from: '20260801', to: '20260801', code: '000000' })).toEqual([]);
  });

  test.each([
    [{ from: '20240101' }, /`to` must be a date/],
    [{ from: '20240102', to: '20240101' }, /`to` must not be before `from`, got 20240102 to 20240101/],
    [{ ...year, code: '1' }, /`code` must be a string of 6 to 9/],
  ])('%j is refused before any call', async (options, message) => {
    const { client, asked } = startAt(evening);
    await expect(client.getIpoSchedule(options as typeof year)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });
});

describe('investors', () => {
  test('are told of 30 days, newest first, in shares and won', async () => {
    const { client } = startAt(evening, { environment: 'virtual' });
    const days = await client.getInvestors('005930');
    const candles = await client.getChart('005930', { period: 'day', count: 30 });
    expect(days.map(({ date, closePrice }) => [date, closePrice])).toEqual(
      candles.map(({ date, closePrice }) => [date, closePrice]),
    );
    for (const { individuals, foreigners, institutions } of days) {
      for (const trades of [individuals, foreigners, institutions]) {
        expect(trades?.netVolume).toBe((trades?.boughtVolume ?? 0) - (trades?.soldVolume ?? 0));
        expect(trades?.netValue).toBe((trades?.boughtValue ?? 0) - (trades?.soldValue ?? 0));
      }
      expect((individuals?.netVolume ?? 0) + (foreigners?.netVolume ?? 0) + (institutions?.netVolume ?? 0)).toBe(0);
    }
    const all = days[0]?.individuals?.boughtValue;
    expect((all ?? 0) / (days[0]?.individuals?.boughtVolume ?? 1) / (days[0]?.closePrice ?? 1)).toBeCloseTo(1, 1);
  });

  test('of today are unknown until KIS has counted them', async () => {
    const { client } = startAt(korea('2026-11-20T11:00:00'));
    const [today, before] = await client.getInvestors('005930');
    expect(today).toMatchObject({ date: '20261120', changePrice: 0 });
    expect([today?.individuals, today?.foreigners, today?.institutions]).toEqual([undefined, undefined, undefined]);
    expect(before?.foreigners?.netVolume).toBeTypeOf('number');
  });

  test('with a number half told are an error that names it', async () => {
    const row = { stck_bsop_date: '20261120', stck_clpr: '1', prdy_vrss: '1', frgn_ntby_qty: '1' };
    const { client } = await startClient(() => ok({ output: [row] }));
    await expect(client.getInvestors('005930')).rejects.toMatchObject({ where: 'output[0].frgn_ntby_tr_pbmn' });
  });

  test('of a code that KIS does not know are an error', async () => {
    const { client } = startAt(evening);
    await expect(client.getInvestors('ZZZZZZ')).rejects.toBeInstanceOf(KisApiError);
  });
});

describe('the stocks that are traded most', () => {
  test('are 30, in order', async () => {
    const { client, fake } = startAt(evening);
    const ranks = await client.getVolumeRank();
    expect(ranks.map(({ rank }) => rank)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    const volumes = ranks.map(({ volume }) => volume);
    expect(volumes).toEqual([...volumes].sort((a, b) => b - a));
    for (const { stockCode, stockName } of ranks) {
      expect(fake.symbols).toContainEqual(expect.objectContaining({ code: stockCode, name: stockName }));
    }
    const [{ stockCode = '', currentPrice, volume } = {}] = ranks;
    expect(await client.getCurrentPrice(stockCode)).toMatchObject({ currentPrice, volume });
  });

  test('can be those of a market, of a kind, of a range', async () => {
    const { client, fake, asked } = startAt(evening);
    const ranks = await client.getVolumeRank({
      market: 'KOSDAQ',
      by: 'value',
      shares: 'ordinary',
      without: ['ETF', 'ETN', 'preferred'],
      minPrice: 5_000,
      minVolume: 1_000,
    });
    const values = ranks.map(({ tradingValue }) => tradingValue);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    const kosdaq = new Set(fake.symbols.filter(({ market }) => market === 'KOSDAQ').map(({ code }) => code));
    expect(ranks.every(({ stockCode, currentPrice }) => kosdaq.has(stockCode) && currentPrice >= 5_000)).toBe(true);
    expect(asked[0]?.params).toMatchObject({
      FID_INPUT_ISCD: '1001',
      FID_DIV_CLS_CODE: '1',
      FID_BLNG_CLS_CODE: '3',
      FID_TRGT_EXLS_CLS_CODE: '0000101100',
      FID_INPUT_PRICE_1: '5000',
      FID_INPUT_PRICE_2: '999999999',
      FID_VOL_CNT: '1000',
    });
    expect(await client.getVolumeRank({ maxPrice: 1 })).toEqual([]);
  });

  test.each([
    [{ market: 'NASDAQ' }, "`market` must be one of 'ALL', 'KOSPI', 'KOSDAQ', 'KOSPI200', got NASDAQ"],
    [{ by: 'price' }, "`by` must be one of 'volume', 'increase', 'turnover', 'value', 'valueTurnover', got price"],
    [{ shares: 'none' }, "`shares` must be one of 'all', 'ordinary', 'preferred', got none"],
    [{ without: ['ELW'] }, '`without` must be one of'],
    [{ minPrice: -1 }, '`minPrice` must be an integer from 0 to 999999999999, got -1'],
    [{ maxPrice: 1.5 }, '`maxPrice` must be an integer'],
    [{ minVolume: Number.NaN }, '`minVolume` must be an integer'],
  ])('by %j are refused before any call', async (options, message) => {
    const { client, asked } = startAt(evening);
    await expect(client.getVolumeRank(options as never)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });

  test('come under `Output`, as KIS documents it, and with numbers as numbers', async () => {
    const row = { hts_kor_isnm: '이름', mksc_shrn_iscd: '000660', data_rank: 1, stck_prpr: 5, prdy_vrss: '3' };
    const more = { prdy_vrss_sign: '5', prdy_ctrt: '1.5', acml_vol: 7, prdy_vol: '+8', acml_tr_pbmn: '9' };
    const { client } = await startClient(() => ok({ Output: [{ ...row, ...more }, {}] }));
    expect(await client.getVolumeRank()).toEqual([
      {
        rank: 1,
        stockCode: '000660',
        stockName: '이름',
        currentPrice: 5,
        changePrice: -3,
        changeRate: -1.5,
        volume: 7,
        previousVolume: 8,
        tradingValue: 9,
      },
    ]);
  });
});

describe('an index', () => {
  test.each(['0001', '1001', '2001'])('%s stands where its chart ends', async (code) => {
    const { client } = startAt(evening);
    const price = await client.getIndexPrice(code);
    const [today, before] = await client.getIndexChart(code, { period: 'day', count: 2 });
    expect(today).toMatchObject({
      indexCode: code,
      date: '20261120',
      startMs: Date.parse('2026-11-20T00:00:00+09:00'),
      openPrice: price.openPrice,
      highPrice: price.highPrice,
      lowPrice: price.lowPrice,
      closePrice: price.currentPrice,
      volume: price.volume,
      tradingValue: price.tradingValue,
    });
    expect(price.changePrice).toBeCloseTo(price.currentPrice - (before?.closePrice ?? 0), 2);
    expect((price.rising ?? 0) + (price.falling ?? 0)).toBeGreaterThan(0);
    // Shares and won, not KIS's thousands and millions.
    expect(price.tradingValue / price.volume).toBeGreaterThan(1_000);
  });

  test.each(['day', 'week', 'month'] as const)(
    'has a chart by the %s of more than one page on either host, each candle once',
    async (period) => {
      for (const environment of ['real', 'virtual'] as const) {
        const { client, asked } = startAt(evening, { environment });
        const dates = (await client.getIndexChart('2001', { period, count: 120 })).map(({ date }) => date);
        expect(dates).toEqual([...new Set(dates)].sort().reverse());
        expect(dates).toHaveLength(120);
        expect(asked).toHaveLength(3);
      }
    },
  );

  test('that KIS does not know is an error, and what is no code a TypeError before any call', async () => {
    const { client, asked } = startAt(evening);
    await expect(client.getIndexPrice('9999')).rejects.toThrow('KIS knows no index 9999');
    const chart = client.getIndexChart('9999', { period: 'day', count: 5 });
    await expect(chart).rejects.toThrow('KIS knows no index 9999');
    expect(asked.splice(0)).toHaveLength(2);
    for (const code of ['KOSPI', '1', '005930', 1 as unknown as string]) {
      await expect(client.getIndexPrice(code)).rejects.toThrow(TypeError);
      await expect(client.getIndexChart(code, { period: 'day', count: 5 })).rejects.toThrow(TypeError);
    }
    await expect(client.getIndexChart('0001', { period: '1m' as 'day', count: 5 })).rejects.toThrow('`period`');
    await expect(client.getIndexChart('0001', { period: 'day', count: 0 })).rejects.toThrow('`count`');
    expect(asked).toEqual([]);
  });
});

test('what the virtual host lacks is an UnsupportedError, and nothing is asked', async () => {
  const { client, fake } = startAt(evening, { environment: 'virtual' });
  for (const call of [
    client.getEtfPrice('069500'),
    client.searchStockInfo('005930'),
    client.getIpoSchedule({ from: '20260101', to: '20260201' }),
    client.getVolumeRank(),
    client.getIndexPrice('0001'),
  ]) {
    await expect(call).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED', source: "KIS's virtual host" });
  }
  expect(fake.log()).toMatchObject({ calls: 0, tokenRequests: 0 });
});
