import { describe, expect, test } from 'vitest';
import type { DateWindows, KisClient, KisEndpoint, KisReply, PageOptions } from '../src/index.ts';
import { ok, order, read, startClient } from './harness.ts';
import { startAt } from './stage.ts';

const chart: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-daily-itemchartprice',
  trId: 'FHKST03010100',
};
const ofChart = (first: string, last: string, period = 'D') => ({
  FID_COND_MRKT_DIV_CODE: 'J',
  FID_INPUT_ISCD: '005930',
  FID_INPUT_DATE_1: first,
  FID_INPUT_DATE_2: last,
  FID_PERIOD_DIV_CODE: period,
  FID_ORG_ADJ_PRC: '0',
});
const byDates: DateWindows = {
  from: 'FID_INPUT_DATE_1',
  to: 'FID_INPUT_DATE_2',
  rows: 'output2',
  date: 'stck_bsop_date',
};

async function collect(pages: ReturnType<KisClient['paginate']>): Promise<KisReply[]> {
  const found: KisReply[] = [];
  for await (const page of pages) found.push(page);
  return found;
}
const datesOf = (pages: readonly KisReply[]): string[] =>
  pages.flatMap(({ body }) => (body.output2 as { stck_bsop_date: string }[]).map((row) => row.stck_bsop_date));

/** A server that has these days, and gives the newest of them up to `TO`, two to a page. */
const serve =
  (days: readonly string[]) =>
  ({ query }: { query: Readonly<Record<string, string>> }) =>
    ok({
      rows: days
        .filter((day) => day <= (query.TO || '99999999'))
        .slice(0, 2)
        .map((day) => ({ day })),
    });
const windows: DateWindows = { to: 'TO', rows: 'rows', date: 'day' };
const days = ['20261120', '20261119', '20261118', '20261117', '20261116'];

describe('pages by windows of dates', () => {
  test.each([
    ['day', 'D', '20250601'],
    ['week', 'W', '20220101'],
    ['month', 'M', '20150101'],
  ] as const)('are all %ss of a stock between two dates, each once, as KIS gave them', async (period, code, first) => {
    const { client } = startAt('2026-11-20T20:00:00+09:00');
    const pages = await collect(
      client.paginate(chart, ofChart(first, '20261120', code), { byDates: { ...byDates, period } }),
    );
    const dates = datesOf(pages);
    expect(pages.length).toBeGreaterThan(1);
    expect(dates).toEqual([...new Set(dates)].sort().reverse());
    const candles = await client.getChart('005930', { period, count: dates.length });
    expect(dates).toEqual(candles.map(({ date }) => date));
    expect(pages[0]?.body).toHaveProperty('output1.hts_kor_isnm', '삼성전자');
  });

  test('are each asked for up to the day before the last one began, and one at a time', async () => {
    const { client, calls } = await startClient(serve(days));
    const pages = client.paginate(read, { CODE: 'x', TO: '20261120' }, { byDates: windows });
    expect((await pages.next()).value?.body.rows).toEqual([{ day: '20261120' }, { day: '20261119' }]);
    expect(calls).toHaveLength(1);
    expect(await collect(pages)).toHaveLength(2);
    expect(calls.map(({ query }) => [query.CODE, query.TO])).toEqual([
      ['x', '20261120'],
      ['x', '20261118'],
      ['x', '20261116'],
      ['x', '20261115'],
    ]);
  });

  test('go no further back than the first day, and ask no more for it', async () => {
    const { client, calls } = await startClient(serve(days));
    const params = { FROM: '20261117', TO: '20261120' };
    expect(await collect(client.paginate(read, params, { byDates: { ...windows, from: 'FROM' } }))).toHaveLength(2);
    expect(calls).toHaveLength(2);
  });

  test('begin with whatever is the newest where no last day is given', async () => {
    const { client, calls } = await startClient(serve(days));
    expect(await collect(client.paginate(read, {}, { byDates: windows }))).toHaveLength(3);
    expect(calls.map(({ query }) => query.TO)).toEqual(['', '20261118', '20261116', '20261115']);
  });

  test('end where KIS gives the same again, whatever it was asked', async () => {
    const { client, calls } = await startClient(() => ok({ rows: [{ day: '20261120' }, { day: '' }] }));
    expect(await collect(client.paginate(read, {}, { byDates: windows }))).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });

  test('of nothing are the one page that says so', async () => {
    const { client, calls } = await startClient(() => ok({ rows: [], note: 'nothing' }));
    const pages = await collect(client.paginate(read, { TO: '20261120' }, { byDates: windows }));
    expect(pages.map(({ body }) => body.note)).toEqual(['nothing']);
    expect(calls).toHaveLength(1);
  });

  test('with a row whose date is none are an error that names the field', async () => {
    const { client } = await startClient(() => ok({ rows: [{ day: 'today' }] }));
    await expect(collect(client.paginate(read, {}, { byDates: windows }))).rejects.toMatchObject({
      code: 'ERR_KIS_RESPONSE',
      where: 'rows[0].day',
    });
  });

  test('end with the reason of the signal', async () => {
    const { client } = await startClient(serve(days));
    const controller = new AbortController();
    const reading = (async () => {
      const options = { byDates: windows, signal: controller.signal };
      for await (const _ of client.paginate(read, {}, options)) controller.abort('enough');
    })();
    await expect(reading).rejects.toBe('enough');
  });

  test.each<[unknown, string]>([
    [[], 'client: `byDates` must be settings, got []'],
    [{ ...windows, until: 'x' }, 'client: `byDates.until` is no setting; there are `to`, `from`, `rows`, `date`'],
    [{ to: 'TO', date: 'day' }, 'client: `byDates.rows` must be a name, got undefined'],
    [{ ...windows, from: '' }, "client: `byDates.from` must be a name, got ''"],
    [{ ...windows, period: 'year' }, "client: `byDates.period` must be one of 'day', 'week', 'month', got year"],
  ])('refuse %j by name, and nothing is sent', async (wrong, message) => {
    const { client, calls } = await startClient(() => ok());
    await expect(collect(client.paginate(read, {}, { byDates: wrong } as PageOptions))).rejects.toThrow(message);
    expect(calls).toHaveLength(0);
  });

  test('of a POST are none, and nothing is sent', async () => {
    const { client, calls } = await startClient(() => ok());
    await expect(collect(client.paginate(order, {}, { byDates: windows }))).rejects.toThrow(TypeError);
    expect(calls).toHaveLength(0);
  });
});
