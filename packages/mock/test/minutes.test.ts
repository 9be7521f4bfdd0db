import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis } from '../src/index.ts';
import { block, CHART, MINUTES, PAST_MINUTES, PRICE, type Row, rows, tokenOf, uapi } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

const ROW_FIELDS = 'stck_bsop_date stck_cntg_hour stck_prpr stck_oprc stck_hgpr stck_lwpr cntg_vol acml_tr_pbmn'.split(
  ' ',
);
const HEAD_FIELDS =
  'prdy_vrss prdy_vrss_sign prdy_ctrt stck_prdy_clpr acml_vol acml_tr_pbmn hts_kor_isnm stck_prpr'.split(' ');

interface Desk {
  readonly fake: FakeKis;
  readonly token: string;
  today(hour: string, code?: string): Promise<readonly Row[]>;
  past(date: string, hour: string, more?: Readonly<Record<string, string>>): Promise<readonly Row[]>;
}

async function deskAt(time: string): Promise<Desk> {
  const fake = createFakeKis({ clock: createManualClock(korea(time)), symbols: 130, limit: 100_000 });
  const token = await tokenOf(fake);
  return {
    fake,
    token,
    async today(hour, code = '005930') {
      const params = { FID_INPUT_ISCD: code, FID_INPUT_HOUR_1: hour, FID_PW_DATA_INCU_YN: 'N', FID_ETC_CLS_CODE: '' };
      return rows(await uapi(fake, token, MINUTES, params));
    },
    async past(date, hour, more = {}) {
      const params = { FID_INPUT_HOUR_1: hour, FID_INPUT_DATE_1: date, FID_PW_DATA_INCU_YN: 'N', ...more };
      return rows(await uapi(fake, token, PAST_MINUTES, params));
    },
  };
}

/** All rows of today, page by page, each page ending a minute before the oldest row so far. */
async function wholeDay(desk: Desk, hour: string, code?: string): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let page = await desk.today(hour, code); page.length > 0; ) {
    all.push(...page);
    page = await desk.today(minuteBefore(page.at(-1)?.stck_cntg_hour ?? ''), code);
  }
  return all;
}

function minuteBefore(hour: string): string {
  const minutes = Number(hour.slice(0, 2)) * 60 + Number(hour.slice(2, 4)) - 1;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}00`;
}

describe('the minutes of a day', () => {
  test('have the fields of KIS’s own', async () => {
    const desk = await deskAt('2026-11-20T10:30:00');
    const params = {
      FID_INPUT_HOUR_1: '103000',
      FID_PW_DATA_INCU_YN: 'N',
      FID_ETC_CLS_CODE: '',
      FID_INPUT_DATE_1: '20261119',
    };
    for (const question of [MINUTES, PAST_MINUTES]) {
      const answer = await uapi(desk.fake, desk.token, question, params);
      expect(Object.keys(block(answer, 'output1'))).toEqual(HEAD_FIELDS);
      for (const row of rows(answer)) expect(Object.keys(row)).toEqual(ROW_FIELDS);
    }
  });

  test('add up to its candle, in each of its phases', async () => {
    for (const time of [
      '09:00:00',
      '09:00:07',
      '09:31:41',
      '13:47:11',
      '15:19:59',
      '15:25:00',
      '15:30:00',
      '20:00:00',
    ]) {
      const desk = await deskAt(`2026-11-20T${time}`);
      for (const code of ['005930', '028300', '0001A0', '002000']) {
        const now = time.replaceAll(':', '');
        const all = await wholeDay(desk, now > '153000' ? '153000' : now, code);
        const price = block(await uapi(desk.fake, desk.token, PRICE, { FID_INPUT_ISCD: code }), 'output');
        const of = (name: string): number[] => all.map((row) => Number(row[name]));
        expect(all.at(-1)?.stck_cntg_hour).toBe('090000');
        expect(all.at(-1)?.stck_oprc).toBe(price.stck_oprc);
        expect(all[0]?.stck_prpr).toBe(price.stck_prpr);
        expect(Math.max(...of('stck_hgpr'))).toBe(Number(price.stck_hgpr));
        expect(Math.min(...of('stck_lwpr'))).toBe(Number(price.stck_lwpr));
        expect(of('cntg_vol').reduce((sum, volume) => sum + volume, 0)).toBe(Number(price.acml_vol));
        expect(all[0]?.acml_tr_pbmn).toBe(price.acml_tr_pbmn);
        for (const [n, row] of all.entries()) {
          const [open, high, low, close] = ['stck_oprc', 'stck_hgpr', 'stck_lwpr', 'stck_prpr'].map((k) =>
            Number(row[k]),
          );
          expect(high).toBeGreaterThanOrEqual(Math.max(open ?? 0, close ?? 0));
          expect(low).toBeLessThanOrEqual(Math.min(open ?? 0, close ?? 0));
          expect(Number(row.acml_tr_pbmn)).toBeGreaterThanOrEqual(Number(all[n + 1]?.acml_tr_pbmn ?? 0));
        }
      }
    }
  });

  test('are 381 of a whole one: 09:00 to 15:19, and 15:30', async () => {
    const all = await wholeDay(await deskAt('2026-11-20T16:00:00'), '160000');
    expect(all.length).toBe(381);
    expect(all.slice(0, 3).map((row) => row.stck_cntg_hour)).toEqual(['153000', '151900', '151800']);
    expect(new Set(all.map((row) => row.stck_bsop_date))).toEqual(new Set(['20261120']));
  });

  test('come 30 at a time, and flat at the price of now where they are yet to come', async () => {
    const desk = await deskAt('2026-11-20T10:30:20');
    const rows = await desk.today('104500');
    expect(rows.length).toBe(30);
    const now = rows.find((row) => row.stck_cntg_hour === '103000');
    for (const row of rows.filter((row) => (row.stck_cntg_hour ?? '') > '103000')) {
      expect([row.stck_oprc, row.stck_hgpr, row.stck_lwpr, row.stck_prpr, row.cntg_vol, row.acml_tr_pbmn]).toEqual([
        ...Array(4).fill(now?.stck_prpr),
        '0',
        now?.acml_tr_pbmn,
      ]);
    }
    expect(rows[0]?.stck_cntg_hour).toBe('104500');
  });

  test('are none before the open, and those of the last session on a day without one', async () => {
    expect(await (await deskAt('2026-11-20T08:59:59')).today('085900')).toEqual([]);
    const saturday = await (await deskAt('2026-11-21T11:00:00')).today('153000');
    expect(saturday.length).toBe(30);
    expect(saturday[0]).toMatchObject({ stck_bsop_date: '20261120', stck_cntg_hour: '153000' });
  });
});

describe('the minutes of past days', () => {
  test('are those that the day itself showed', async () => {
    const then = await wholeDay(await deskAt('2026-11-18T17:00:00'), '153000');
    const desk = await deskAt('2026-11-20T10:00:00');
    const now: Row[] = [];
    for (let page = await desk.past('20261118', '153000'); page.length > 0; ) {
      now.push(...page);
      page = await desk.past('20261118', minuteBefore(page.at(-1)?.stck_cntg_hour ?? ''));
    }
    expect(now).toEqual(then);
  });

  test('add up to the row of the daily chart', async () => {
    const desk = await deskAt('2026-11-20T10:00:00');
    const range = {
      FID_INPUT_DATE_1: '20261101',
      FID_INPUT_DATE_2: '20261118',
      FID_PERIOD_DIV_CODE: 'D',
      FID_ORG_ADJ_PRC: '0',
    };
    const [day] = rows(await uapi(desk.fake, desk.token, CHART, range));
    const [newest] = await desk.past('20261118', '153000');
    expect([newest?.stck_prpr, newest?.acml_tr_pbmn]).toEqual([day?.stck_clpr, day?.acml_tr_pbmn]);
  });

  test('come 120 at a time, and run on into the days before when that is asked', async () => {
    const desk = await deskAt('2026-11-20T10:00:00');
    expect((await desk.past('20261118', '153000')).length).toBe(120);
    expect((await desk.past('20261118', '092900')).length).toBe(30);
    const on = await desk.past('20261116', '092900', { FID_PW_DATA_INCU_YN: 'Y' });
    expect(on.length).toBe(120);
    expect(on.slice(29, 32).map((row) => [row.stck_bsop_date, row.stck_cntg_hour])).toEqual([
      ['20261116', '090000'],
      ['20261113', '153000'],
      ['20261113', '151900'],
    ]);
  });

  test('are none on a holiday, in the future, and more than a year ago', async () => {
    const desk = await deskAt('2026-11-20T10:00:00');
    for (const date of ['20261114', '20261009', '20261123', '20251117'])
      expect(await desk.past(date, '153000')).toEqual([]);
    const today = await desk.past('20261120', '153000');
    expect(today[0]?.stck_cntg_hour).toBe('100000');
    expect(today.length).toBe(61);
  });

  test('refuse an hour and a date that are none', async () => {
    const desk = await deskAt('2026-11-20T10:00:00');
    for (const [question, params] of [
      [MINUTES, { FID_INPUT_HOUR_1: '246000', FID_PW_DATA_INCU_YN: 'N', FID_ETC_CLS_CODE: '' }],
      [PAST_MINUTES, { FID_INPUT_HOUR_1: '153000', FID_INPUT_DATE_1: '20261131', FID_PW_DATA_INCU_YN: 'N' }],
    ] as const) {
      expect((await uapi(desk.fake, desk.token, question, params)).body).toMatchObject({
        rt_cd: '2',
        msg_cd: 'OPSQ2002',
      });
    }
  });
});
