import { describe, expect, test } from 'vitest';
import { type Answer, type Row, rows } from './calls.ts';
import { type QuoteDesk, quoteDeskAt } from './quote-desk.ts';

/** All pages from a day on, as a client reads them. */
async function pagesFrom(desk: QuoteDesk, date: string): Promise<readonly Answer[]> {
  const pages = [await desk.ask('holidays', { BASS_DT: date })];
  for (let last = pages[0]; last && /^[FM]$/.test(last.headers.get('tr_cont') ?? ''); last = pages.at(-1)) {
    const keys = { CTX_AREA_NK: String(last.body.ctx_area_nk), CTX_AREA_FK: String(last.body.ctx_area_fk) };
    pages.push(await desk.ask('holidays', { BASS_DT: date, ...keys }, { tr_cont: 'N' }));
  }
  return pages;
}

describe('the calendar', () => {
  test('comes in pages to the end of next year, every day once', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const pages = await pagesFrom(desk, '20261120');
    const days = pages.flatMap((page) => rows(page, 'output'));
    expect(days.length).toBe(11 + 31 + 365);
    expect([days[0]?.bass_dt, days.at(-1)?.bass_dt]).toEqual(['20261120', '20271231']);
    expect(new Set(days.map((day) => day.bass_dt)).size).toBe(days.length);
    const [first, ...others] = pages;
    const last = others.pop();
    expect([first?.body.msg_cd, first?.headers.get('tr_cont')]).toEqual(['KIOK0500', 'F']);
    for (const page of others) expect([page.body.msg_cd, page.headers.get('tr_cont')]).toEqual(['KIOK0500', 'M']);
    expect([last?.body.msg_cd, last?.headers.get('tr_cont')]).toEqual(['KIOK0460', 'E']);
    for (const { body } of pages) {
      expect([String(body.ctx_area_nk).length, String(body.ctx_area_fk).length]).toEqual([20, 20]);
    }
  });

  test('takes its keys trimmed, too, and begins anew without `tr_cont`', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const keys = { CTX_AREA_NK: '20261214', CTX_AREA_FK: '20261120' };
    expect(rows(await desk.ask('holidays', keys, { tr_cont: 'N' }), 'output')[0]?.bass_dt).toBe('20261214');
    expect(rows(await desk.ask('holidays', keys), 'output')[0]?.bass_dt).toBe('20261120');
  });

  test('tells when the exchange, the banks and neither are open', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const days = (await pagesFrom(desk, '20261201')).flatMap((page) => rows(page, 'output'));
    const of = (date: string): Row | undefined => days.find((day) => day.bass_dt === date);
    const is = (weekday: string, work: string, open: string): object => ({
      wday_dvsn_cd: weekday,
      bzdy_yn: work,
      tr_day_yn: work,
      opnd_yn: open,
      sttl_day_yn: open,
    });
    expect(of('20261224')).toMatchObject(is('05', 'Y', 'Y'));
    expect(of('20261225')).toMatchObject(is('06', 'N', 'N'));
    expect(of('20261226')).toMatchObject(is('07', 'N', 'N'));
    expect(of('20261227')).toMatchObject(is('01', 'N', 'N'));
    expect(of('20261231')).toMatchObject(is('05', 'Y', 'N'));
  });

  test('agrees with the days of the chart', async () => {
    const desk = await quoteDeskAt('2026-11-20T17:00:00');
    const open = (await pagesFrom(desk, '20260701'))
      .flatMap((page) => rows(page, 'output'))
      .filter((day) => day.opnd_yn === 'Y' && String(day.bass_dt) <= '20261120')
      .map((day) => day.bass_dt);
    const traded = rows(await desk.ask('chart', { FID_INPUT_DATE_1: '20260701' })).map((row) => row.stck_bsop_date);
    expect(traded.toReversed()).toEqual(open.slice(-traded.length));
  });

  test('is empty beyond its end', async () => {
    const { body, headers } = await (await quoteDeskAt('2026-11-20T13:07:23')).ask('holidays', { BASS_DT: '20280101' });
    expect(body).toMatchObject({ rt_cd: '0', msg_cd: 'KIOK0560', output: [] });
    expect(headers.get('tr_cont')).toBe('D');
  });
});
