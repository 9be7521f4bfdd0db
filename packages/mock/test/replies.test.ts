import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis } from '../src/index.ts';
import { type Answer, BOOK, block, CHART, PRICE, type Row, rows, tokenOf, uapi } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';
import {
  BOOK_FIELDS,
  CANDLE_FIELDS,
  CHART_FIELDS,
  MATCH_FIELDS,
  PRICE_FIELDS,
  PRICE_FIELDS_BESIDE,
} from './reply-fields.ts';

const YEARS = {
  FID_INPUT_DATE_1: '19900101',
  FID_INPUT_DATE_2: '20991231',
  FID_PERIOD_DIV_CODE: 'D',
  FID_ORG_ADJ_PRC: '0',
};

interface Desk {
  readonly fake: FakeKis;
  price(code?: string): Promise<Row>;
  book(code?: string): Promise<{ readonly book: Row; readonly match: Row }>;
  chart(params?: Readonly<Record<string, string>>): Promise<Answer>;
}

async function deskAt(time: string, symbols = 150): Promise<Desk> {
  const fake = createFakeKis({ clock: createManualClock(korea(time)), symbols, limit: 100_000 });
  const token = await tokenOf(fake);
  return {
    fake,
    price: async (code = '005930') => block(await uapi(fake, token, PRICE, { FID_INPUT_ISCD: code }), 'output'),
    async book(code = '005930') {
      const answer = await uapi(fake, token, BOOK, { FID_INPUT_ISCD: code });
      return { book: block(answer, 'output1'), match: block(answer, 'output2') };
    },
    chart: (params = {}) => uapi(fake, token, CHART, { ...YEARS, ...params }),
  };
}

function tickOf(price: number): number {
  const bands = [2_000, 5_000, 20_000, 50_000, 200_000, 500_000, Number.POSITIVE_INFINITY];
  return [1, 5, 10, 50, 100, 500, 1_000][bands.findIndex((below) => price < below)] ?? 0;
}

describe('the replies', () => {
  test('have the fields of KIS’s own, in their order, and every value is a string', async () => {
    const desk = await deskAt('2026-11-20T10:30:00');
    const price = await desk.price();
    expect(Object.keys(price).filter((name) => !PRICE_FIELDS_BESIDE.includes(name))).toEqual(PRICE_FIELDS);
    expect(Object.keys(price)).toEqual(expect.arrayContaining([...PRICE_FIELDS_BESIDE]));
    const { book, match } = await desk.book();
    expect(Object.keys(book)).toEqual(BOOK_FIELDS);
    expect(Object.keys(match)).toEqual(MATCH_FIELDS);
    const chart = await desk.chart();
    expect(Object.keys(block(chart, 'output1'))).toEqual(CHART_FIELDS);
    for (const row of rows(chart)) expect(Object.keys(row)).toEqual(CANDLE_FIELDS);
    for (const fields of [price, book, match, block(chart, 'output1'), ...rows(chart)]) {
      for (const [name, value] of Object.entries(fields)) expect(typeof value, name).toBe('string');
      expect(Object.values(fields).filter((value) => /NaN|Infinity|undefined|-0\.00/.test(value))).toEqual([]);
    }
  });

  test('of all stocks and all phases agree with each other', async () => {
    for (const time of ['2026-11-20T09:00:00', '2026-11-20T09:00:07', '2026-11-20T13:47:11', '2026-11-20T20:00:00']) {
      const desk = await deskAt(time);
      for (const { code } of desk.fake.symbols) {
        const price = await desk.price(code);
        const { book, match } = await desk.book(code);
        const answer = await desk.chart({ FID_INPUT_ISCD: code });
        const today = block(answer, 'output1');
        const [newest, before] = rows(answer);
        const n = (value: string | undefined): number => Number(value);

        expect(newest).toMatchObject({
          stck_bsop_date: '20261120',
          stck_clpr: price.stck_prpr,
          stck_oprc: price.stck_oprc,
          stck_hgpr: price.stck_hgpr,
          stck_lwpr: price.stck_lwpr,
          acml_vol: price.acml_vol,
          acml_tr_pbmn: price.acml_tr_pbmn,
          prdy_vrss: price.prdy_vrss,
        });
        expect([before?.stck_clpr, today.stck_prdy_clpr, match.stck_sdpr]).toEqual(Array(3).fill(price.stck_sdpr));
        expect([today.stck_prpr, match.stck_prpr]).toEqual([price.stck_prpr, price.stck_prpr]);
        expect([today.askp, today.bidp]).toEqual([book.askp1, book.bidp1]);

        const last = n(price.stck_prpr);
        const base = n(price.stck_sdpr);
        expect(last % tickOf(last)).toBe(0);
        expect(n(price.aspr_unit)).toBe(tickOf(last));
        expect([n(book.askp1), n(book.bidp1)]).toContain(last);
        expect(n(book.askp1) - n(book.bidp1)).toBe(tickOf(n(book.bidp1)));
        expect(n(price.stck_hgpr)).toBeGreaterThanOrEqual(Math.max(last, n(price.stck_oprc)));
        expect(n(price.stck_lwpr)).toBeLessThanOrEqual(Math.min(last, n(price.stck_oprc)));
        expect(n(price.stck_hgpr)).toBeLessThanOrEqual(n(price.stck_mxpr));
        expect(n(price.stck_lwpr)).toBeGreaterThanOrEqual(n(price.stck_llam));
        expect(n(price.stck_mxpr) / base).toBeLessThanOrEqual(1.3);
        expect(n(price.stck_llam) / base).toBeGreaterThanOrEqual(0.7);
        expect(n(price.prdy_vrss)).toBe(last - base);
        expect(price.prdy_vrss_sign).toBe(last > base ? '2' : last < base ? '5' : '3');
        expect(n(price.prdy_ctrt)).toBeCloseTo(((last - base) / base) * 100, 1);
        expect(n(price.wghn_avrg_stck_prc)).toBeGreaterThanOrEqual(n(price.stck_lwpr) - 0.01);
        expect(n(price.wghn_avrg_stck_prc)).toBeLessThanOrEqual(n(price.stck_hgpr) + 0.01);
        expect(n(price.w52_hgpr)).toBeGreaterThanOrEqual(n(price.stck_hgpr));
        expect(n(price.w52_lwpr)).toBeLessThanOrEqual(n(price.stck_lwpr));
        const asks = Array.from({ length: 10 }, (_, level) => n(book[`askp_rsqn${level + 1}`]));
        expect(n(book.total_askp_rsqn)).toBe(asks.reduce((sum, volume) => sum + volume, 0));
      }
    }
  });

  test('of one session only ever widen its range and add to its volume', async () => {
    const clock = createManualClock(korea('2026-11-20T09:00:00'));
    const fake = createFakeKis({ clock, limit: 100_000, symbols: 3 });
    const token = await tokenOf(fake);
    let earlier: Row | undefined;
    for (let seconds = 0; seconds <= 23_400; seconds += 13) {
      const now = block(await uapi(fake, token, PRICE), 'output');
      if (earlier) {
        expect(now.stck_oprc).toBe(earlier.stck_oprc);
        expect(Number(now.stck_hgpr)).toBeGreaterThanOrEqual(Number(earlier.stck_hgpr));
        expect(Number(now.stck_lwpr)).toBeLessThanOrEqual(Number(earlier.stck_lwpr));
        expect(Number(now.acml_vol)).toBeGreaterThanOrEqual(Number(earlier.acml_vol));
        expect(Number(now.acml_tr_pbmn)).toBeGreaterThanOrEqual(Number(earlier.acml_tr_pbmn));
      }
      earlier = now;
      await clock.advance(13_000);
    }
  });

  test('before the open have no prices of today yet, and the price is the last close', async () => {
    const desk = await deskAt('2026-11-20T08:59:59');
    const price = await desk.price();
    const answer = await desk.chart();
    expect(price).toMatchObject({ stck_oprc: '0', stck_hgpr: '0', stck_lwpr: '0', acml_vol: '0', prdy_vrss_sign: '3' });
    expect(rows(answer)[0]).toMatchObject({ stck_bsop_date: '20261119', stck_clpr: price.stck_prpr });
    expect(block(answer, 'output1')).toMatchObject({ askp: '0', bidp: '0', stck_oprc: '0', acml_vol: '0' });
    const { book } = await desk.book();
    expect(book).toMatchObject({ askp1: '0', bidp1: '0', total_askp_rsqn: '0', new_mkop_cls_code: '10' });
  });

  test('on weekends and fixed holidays are those of the last session', async () => {
    const friday = await deskAt('2026-11-20T23:00:00');
    const sunday = await deskAt('2026-11-22T11:00:00');
    expect(await sunday.price()).toEqual(await friday.price());
    expect(rows(await sunday.chart())).toEqual(rows(await friday.chart()));
    const { book } = await sunday.book();
    expect(book).toMatchObject({ aspr_acpt_hour: '160000', new_mkop_cls_code: '31' });
    const newYear = await deskAt('2027-01-01T11:00:00');
    expect(rows(await newYear.chart())[0]?.stck_bsop_date).toBe('20261230');
  });

  test('are the same for the same seed and others for another', async () => {
    const clock = createManualClock(korea('2026-11-20T11:11:11'));
    const priceOf = async (seed: number) => {
      const fake = createFakeKis({ clock, seed, symbols: 5 });
      return block(await uapi(fake, await tokenOf(fake), PRICE), 'output');
    };
    expect(await priceOf(7)).toEqual(await priceOf(7));
    expect(await priceOf(7)).not.toEqual(await priceOf(8));
  });
});

describe('the chart', () => {
  test('gives the newest 100 rows up to the end of the range, newest first, and pages by the date', async () => {
    const desk = await deskAt('2026-11-20T10:30:00');
    const dates: string[] = [];
    let end = '20991231';
    for (let page = 0; page < 3; page++) {
      const part = rows(await desk.chart({ FID_INPUT_DATE_2: end })).map((row) => row.stck_bsop_date ?? '');
      expect(part).toHaveLength(100);
      dates.push(...part);
      const oldest = part.at(-1) ?? '';
      const dayBefore = new Date(
        Date.parse(`${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}`) - 86_400_000,
      );
      end = dayBefore.toISOString().slice(0, 10).replaceAll('-', '');
    }
    expect(dates[0]).toBe('20261120');
    expect(new Set(dates).size).toBe(300);
    expect([...dates].sort().reverse()).toEqual(dates);
    const whole = rows(await desk.chart({ FID_INPUT_DATE_1: dates[30] ?? '' }));
    expect(whole.map((row) => row.stck_bsop_date)).toEqual(dates.slice(0, 31));
  });

  test('is one unbroken walk: each row starts from the close of the row below, within its limits', async () => {
    const desk = await deskAt('2026-11-20T20:00:00', 2_600);
    for (const { code } of desk.fake.symbols.filter((_, index) => index % 50 === 0)) {
      const candles = rows(await desk.chart({ FID_INPUT_ISCD: code }));
      for (const [index, row] of candles.slice(0, -1).entries()) {
        const base = Number(candles[index + 1]?.stck_clpr);
        expect(Number(row.prdy_vrss)).toBe(Number(row.stck_clpr) - base);
        expect(Number(row.stck_hgpr)).toBeLessThanOrEqual(base * 1.3);
        expect(Number(row.stck_lwpr)).toBeGreaterThanOrEqual(base * 0.7);
      }
    }
  });

  test.each(['W', 'M', 'Y'])('of period %s is made of the same days, under the date of their first', async (period) => {
    const desk = await deskAt('2026-11-20T10:30:00');
    const [latest, complete] = rows(await desk.chart({ FID_PERIOD_DIV_CODE: period }));
    const days: Row[] = [];
    for (let end = '20991231'; ; ) {
      const part = rows(await desk.chart({ FID_INPUT_DATE_1: complete?.stck_bsop_date ?? '', FID_INPUT_DATE_2: end }));
      days.push(...part);
      if (part.length < 100) break;
      end = String(Number(part.at(-1)?.stck_bsop_date) - 1);
      while (rows(await desk.chart({ FID_INPUT_DATE_2: end })).length === 0) end = String(Number(end) - 1);
    }
    for (const [row, from, to] of [
      [latest, latest?.stck_bsop_date, '99999999'],
      [complete, complete?.stck_bsop_date, latest?.stck_bsop_date],
    ] as const) {
      const own = days.filter(({ stck_bsop_date: date = '' }) => date >= (from ?? '') && date < (to ?? ''));
      expect(own.at(-1)?.stck_bsop_date).toBe(from);
      expect(row).toMatchObject({
        stck_clpr: own[0]?.stck_clpr,
        stck_oprc: own.at(-1)?.stck_oprc,
        stck_hgpr: String(Math.max(...own.map((day) => Number(day.stck_hgpr)))),
        stck_lwpr: String(Math.min(...own.map((day) => Number(day.stck_lwpr)))),
        acml_vol: String(own.reduce((sum, day) => sum + Number(day.acml_vol), 0)),
      });
    }
    expect(Number(latest?.prdy_vrss)).toBe(Number(latest?.stck_clpr) - Number(complete?.stck_clpr));
  });

  test('shows prices from before a split as they were when FID_ORG_ADJ_PRC is 1', async () => {
    const desk = await deskAt('2026-11-20T10:30:00');
    const around = { FID_INPUT_DATE_1: '20180503', FID_INPUT_DATE_2: '20180504' };
    const adjusted = rows(await desk.chart(around));
    const original = rows(await desk.chart({ ...around, FID_ORG_ADJ_PRC: '1' }));
    expect(original[0]?.stck_clpr).toBe(adjusted[0]?.stck_clpr);
    expect(Number(original[1]?.stck_clpr)).toBe(Number(adjusted[1]?.stck_clpr) * 50);
  });

  test('is empty where nothing was traded, and for a code that no stock has', async () => {
    const desk = await deskAt('2026-11-20T10:30:00');
    expect(rows(await desk.chart({ FID_INPUT_DATE_2: '19991231' }))).toEqual([]);
    expect(rows(await desk.chart({ FID_INPUT_DATE_1: '20261121' }))).toEqual([]);
    const unknown = await desk.chart({ FID_INPUT_ISCD: '999999' });
    expect([block(unknown, 'output1').stck_prpr, rows(unknown)]).toEqual(['0', []]);
    expect(rows(await desk.chart({ FID_INPUT_DATE_2: '20000110' })).at(-1)?.stck_bsop_date).toBe('20000104');
  });

  test.each([
    [{ FID_INPUT_DATE_1: '2026-1-1' }, 'OPSQ2002', 'ERROR : INPUT INVALID_CHECK_FIELD_LENGTH'],
    [{ FID_INPUT_DATE_2: '20260231' }, 'OPSQ2002', 'ERROR : INPUT INVALID_CHECK_FIELD_LENGTH'],
    [{ FID_PERIOD_DIV_CODE: 'X' }, 'OPSQ2001', 'ERROR : INPUT INVALID_CHECK_PERIOD_DIV_CODE'],
    [{ FID_ORG_ADJ_PRC: '' }, 'OPSQ2001', 'ERROR : INPUT INVALID_CHECK_ORG_ADJ_PRC'],
  ])('refuses %j', async (params, code, text) => {
    const desk = await deskAt('2026-11-20T10:30:00');
    const answer = await desk.chart(params as Record<string, string>);
    expect(answer).toMatchObject({ status: 200, body: { rt_cd: '2', msg_cd: code, msg1: text } });
  });
});

describe('the symbols', () => {
  test('are 2,600, no code twice, with letters and ETNs among them', () => {
    const { symbols } = createFakeKis();
    const codes = symbols.map(({ code }) => code);
    expect(symbols).toHaveLength(2_600);
    expect(new Set(codes).size).toBe(2_600);
    expect(new Set(symbols.map(({ name }) => name)).size).toBe(2_600);
    for (const code of codes) expect(code).toMatch(/^Q?[0-9A-Z]{6}$/);
    expect(codes.filter((code) => /^\d.*[A-Z]/.test(code)).length).toBeGreaterThan(2);
    expect(codes.filter((code) => code.startsWith('Q')).length).toBeGreaterThan(2);
    expect(symbols.find(({ code }) => code === '000660')?.name).toBe('SK하이닉스');
  });
});
