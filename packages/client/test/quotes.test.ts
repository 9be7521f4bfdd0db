import { describe, expect, test } from 'vitest';
import { KisApiError, KisResponseError } from '../src/index.ts';
import { ok, refusal, startClient } from './harness.ts';

const output = {
  stck_prpr: '75700',
  prdy_vrss: '-1600',
  prdy_vrss_sign: '5',
  prdy_ctrt: '-2.07',
  acml_tr_pbmn: '1216300000000',
  acml_vol: '16000000',
  stck_oprc: '76100',
  stck_hgpr: '76600',
  stck_lwpr: '75600',
  hts_avls: '4519000',
};

describe('the current price', () => {
  test('is real numbers, the time of the answer and the answer itself', async () => {
    const headers = { date: 'Fri, 20 Nov 2026 06:30:00 GMT' };
    const body = { output, rt_cd: '0', msg_cd: 'MCA00000', msg1: '정상처리 되었습니다.' };
    const { client, calls } = await startClient(() => ({ body, headers }));
    expect(await client.getCurrentPrice('005930')).toEqual({
      stockCode: '005930',
      stockName: undefined,
      currentPrice: 75_700,
      changePrice: -1_600,
      changeRate: -2.07,
      openPrice: 76_100,
      highPrice: 76_600,
      lowPrice: 75_600,
      volume: 16_000_000,
      tradingValue: 1_216_300_000_000,
      marketCap: 451_900_000_000_000,
      timestampMs: Date.parse('2026-11-20T06:30:00Z'),
      raw: body,
    });
    expect(calls[0]?.query).toEqual({ FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930' });
    expect(calls[0]?.headers).toMatchObject({ tr_id: 'FHKST01010100', custtype: 'P' });
  });

  test('of a fall is negative even where KIS leaves out the minus', async () => {
    const { client } = await startClient(() => ok({ output: { ...output, prdy_vrss: '1600', prdy_ctrt: '2.07' } }));
    expect(await client.getCurrentPrice('005930')).toMatchObject({ changePrice: -1_600, changeRate: -2.07 });
  });

  test('of a code that KIS does not know is an error, though KIS answers with zeros', async () => {
    const zeros = Object.fromEntries(Object.keys(output).map((name) => [name, '0']));
    const { client, calls } = await startClient(() => ok({ output: zeros }));
    const error = await client.getCurrentPrice('999999').catch((it) => it);
    expect(error).toBeInstanceOf(KisApiError);
    expect(error).toMatchObject({
      kisCode: 'MCA00000',
      trId: 'FHKST01010100',
      message: expect.stringContaining('999999'),
    });
    expect(calls).toHaveLength(1);
  });

  test('of a malformed code is the refusal that KIS gives', async () => {
    const { client } = await startClient(() => refusal('MCA05918', 200, '종목코드 오류입니다.'));
    await expect(client.getCurrentPrice('000000')).rejects.toMatchObject({ kisCode: 'MCA05918', status: 200 });
  });

  test('with a field missing is an error that names it, and not a NaN', async () => {
    const { acml_vol: _, ...rest } = output;
    const { client } = await startClient(() => ok({ output: rest }));
    const error = await client.getCurrentPrice('005930').catch((it) => it);
    expect(error).toBeInstanceOf(KisResponseError);
    expect(error).toMatchObject({
      code: 'ERR_KIS_RESPONSE',
      expected: 'a number',
      where: 'output.acml_vol',
      status: 200,
    });
  });

  test('without its optional fields is all the same a price', async () => {
    const { client } = await startClient(() => ok({ output: { ...output, hts_avls: '' } }));
    expect((await client.getCurrentPrice('005930')).marketCap).toBeUndefined();
  });
});

describe('a code', () => {
  test.each([5930, '5930', '0059301', '00593a', ' 005930', '', undefined, null, 'Q5000011', 'QQQQQQQQ', ['005930']])(
    '%o is a TypeError before any call',
    async (code) => {
      const { client, calls } = await startClient(() => ok({ output }));
      for (const call of [client.getCurrentPrice, client.getOrderBook, client.getChart]) {
        await expect(call(code as string, { period: 'day', count: 1 })).rejects.toThrow(TypeError);
      }
      expect(calls).toHaveLength(0);
    },
  );

  test.each(['005930', '00088K', '0001A0', 'Q500001'])('%s goes to KIS as it is', async (code) => {
    const { client, calls } = await startClient(() => ok({ output }));
    await client.getCurrentPrice(code);
    expect(calls[0]?.query.FID_INPUT_ISCD).toBe(code);
  });
});

describe('the order book', () => {
  const recorded = {
    output1: {
      aspr_acpt_hour: '160000',
      ...levels('askp', 75_800, 100),
      ...levels('bidp', 75_700, -100),
      total_askp_rsqn: '588904',
      total_bidp_rsqn: '1966820',
    },
    output2: { stck_prpr: '75700' },
  };

  function levels(side: string, bestPrice: number, step: number): Record<string, string> {
    const places = Array.from({ length: 10 }, (_, n) => [
      [`${side}${n + 1}`, String(bestPrice + n * step)],
      [`${side}_rsqn${n + 1}`, String((n + 1) * 10)],
    ]);
    return Object.fromEntries(places.flat());
  }

  test('has ten levels on each side, best first, and the time in Korea', async () => {
    const headers = { date: 'Fri, 20 Nov 2026 08:30:00 GMT' };
    const { client } = await startClient(() => ({ ...ok(recorded), headers }));
    const book = await client.getOrderBook('005930');
    expect(book.askLevels).toHaveLength(10);
    expect(book.bidLevels).toHaveLength(10);
    expect(book.askLevels[1]).toEqual({ price: 75_900, volume: 20 });
    expect(book.bidLevels[9]).toEqual({ price: 74_800, volume: 100 });
    expect(book).toMatchObject({ bestBid: 75_700, bestAsk: 75_800, spread: 100, totalBidVolume: 1_966_820 });
    expect(book.timestampMs).toBe(Date.parse('2026-11-20T16:00:00+09:00'));
    expect(book.raw).toMatchObject(recorded);
  });

  test('at the upper limit has nobody who asks, and no spread', async () => {
    const output1 = { ...recorded.output1, ...levels('askp', 0, 0) };
    const { client } = await startClient(() => ok({ ...recorded, output1 }));
    expect(await client.getOrderBook('005930')).toMatchObject({ bestAsk: 0, spread: 0, bestBid: 75_700 });
  });

  test('of a halted stock is empty; of a code that KIS does not know it is an error', async () => {
    const output1 = { ...recorded.output1, ...levels('askp', 0, 0), ...levels('bidp', 0, 0) };
    const halted = await startClient(() => ok({ ...recorded, output1 }));
    expect(await halted.client.getOrderBook('005930')).toMatchObject({ bestAsk: 0, bestBid: 0 });
    for (const nothing of [
      { output1, output2: { stck_prpr: '0' } },
      { output1: {}, output2: {} },
    ]) {
      const unknown = await startClient(() => ok(nothing));
      await expect(unknown.client.getOrderBook('999999')).rejects.toBeInstanceOf(KisApiError);
    }
  });
});

describe('a chart', () => {
  const row = (date: string) => ({
    stck_bsop_date: date,
    stck_oprc: '107000',
    stck_hgpr: '109000',
    stck_lwpr: '106500',
    stck_clpr: '107500',
    acml_vol: '2203472',
    acml_tr_pbmn: '237914727500',
  });
  /** Weekdays back from `last`, newest first. */
  function days(last: string, count: number): string[] {
    const dates: string[] = [];
    for (let at = Date.parse(last); dates.length < count; at -= 86_400_000) {
      if (new Date(at).getUTCDay() % 6 !== 0) dates.push(new Date(at).toISOString().slice(0, 10).replaceAll('-', ''));
    }
    return dates;
  }

  /** Answers as KIS does: the newest hundred up to `FID_INPUT_DATE_2`. */
  async function startChart(dates: readonly string[]) {
    return startClient(({ query }) => {
      const rows = dates.filter((date) => date <= (query.FID_INPUT_DATE_2 ?? '')).slice(0, 100);
      return ok({ output1: { stck_prpr: '107500' }, output2: rows.map(row) });
    });
  }

  test('beyond 100 candles comes page by page, newest first, each day once', async () => {
    const dates = days('2026-11-20', 260);
    const { client, calls } = await startChart(dates);
    const candles = await client.getChart('000660', { period: 'day', count: 250 });
    expect(candles.map(({ date }) => date)).toEqual(dates.slice(0, 250));
    expect(calls).toHaveLength(3);
    expect(candles[0]).toEqual({
      stockCode: '000660',
      date: '20261120',
      startMs: Date.parse('2026-11-20T00:00:00+09:00'),
      openPrice: 107_000,
      highPrice: 109_000,
      lowPrice: 106_500,
      closePrice: 107_500,
      volume: 2_203_472,
      tradingValue: 237_914_727_500,
    });
  });

  test('of a young stock ends where its days end', async () => {
    const { client } = await startChart(days('2026-11-20', 130));
    expect(await client.getChart('000660', { period: 'day', count: 500 })).toHaveLength(130);
  });

  test('of a server that gives the same page again ends, too', async () => {
    const same = days('2026-11-20', 100).map(row);
    const { client } = await startClient(() => ok({ output1: { stck_prpr: '1' }, output2: same }));
    expect(await client.getChart('000660', { period: 'day', count: 300 })).toHaveLength(100);
  });

  test('asks for adjusted prices unless told otherwise, and for the period by its letter', async () => {
    const { client, calls } = await startChart(days('2026-11-20', 3));
    await client.getChart('000660', { period: 'week', count: 1 });
    await client.getChart('000660', { period: 'month', count: 1, adjusted: false });
    expect(calls.map(({ query }) => [query.FID_PERIOD_DIV_CODE, query.FID_ORG_ADJ_PRC])).toEqual([
      ['W', '0'],
      ['M', '1'],
    ]);
  });

  test.each([[[]], [[{}]]])('of a code that KIS does not know (%j) is an error', async (output2) => {
    const { client } = await startClient(() => ok({ output1: { stck_prpr: '0' }, output2 }));
    await expect(client.getChart('999999', { period: 'day', count: 5 })).rejects.toBeInstanceOf(KisApiError);
  });

  test('of a stock that has a price and no day yet is empty', async () => {
    const { client } = await startClient(() => ok({ output1: { stck_prpr: '5000' }, output2: [{}] }));
    expect(await client.getChart('000660', { period: 'day', count: 5 })).toEqual([]);
  });

  test.each([
    [{ period: '3m', count: 1 }, /`period` must be one of 'day', 'week', 'month', '1m', '5m', '30m', got 3m/],
    [{ period: 'toString', count: 1 }, /`period` must be one of .*, got toString/],
    [{ period: 'day', count: 0 }, /`count` must be an integer >= 1, got 0/],
    [{ period: 'day', count: 1.5 }, /`count` must be an integer >= 1, got 1.5/],
  ])('%j is refused before any call', async (options, message) => {
    const { client, calls } = await startChart([]);
    await expect(client.getChart('000660', options as never)).rejects.toThrow(message);
    expect(calls).toHaveLength(0);
  });
});
