import { describe, expect, test } from 'vitest';
import { type Row, rows } from './calls.ts';
import { quoteDeskAt } from './quote-desk.ts';

const number = (row: Row | undefined, name: string): number => Number(row?.[name]);

describe('the last thirty days', () => {
  test('are weeks or months where that is asked', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const [period, second] of [
      ['D', '20261119'],
      ['W', '20261109'],
      ['M', '20261001'],
    ] as const) {
      const found = rows(await desk.ask('days', { FID_PERIOD_DIV_CODE: period }), 'output');
      expect(found.length).toBe(30);
      expect(found[1]?.stck_bsop_date).toBe(second);
      for (const [n, row] of found.entries()) {
        const older = found[n + 1];
        if (!older) continue;
        const change = number(row, 'stck_clpr') - number(older, 'stck_clpr');
        expect(number(row, 'prdy_vrss')).toBe(change);
        const more = number(row, 'acml_vol') / number(older, 'acml_vol') - 1;
        expect(number(row, 'prdy_vrss_vol_rate')).toBeCloseTo(more * 100, 1);
      }
    }
  });

  test('are adjusted by 1, where the daily chart is by 0', async () => {
    const desk = await quoteDeskAt('2018-05-10T17:00:00');
    const close = async (name: 'days' | 'chart', flag: string): Promise<number> => {
      const answer = await desk.ask(name, { FID_ORG_ADJ_PRC: flag });
      return number(rows(answer, name === 'days' ? 'output' : 'output2')[10], 'stck_clpr');
    };
    const adjusted = await close('days', '1');
    expect(adjusted).toBe(await close('chart', '0'));
    expect(await close('days', '0000000001')).toBe(adjusted);
    const original = await close('days', '0');
    expect(original).toBe(await close('chart', '1'));
    expect(original / adjusted).toBeCloseTo(50, 0);
  });
});

describe('the dealings of the investors', () => {
  test('are none of today’s until the close', async () => {
    const desk = await quoteDeskAt('2026-11-20T15:29:59');
    const before = rows(await desk.ask('investors'), 'output');
    expect(before.length).toBe(30);
    const { stck_bsop_date, stck_clpr, prdy_vrss, prdy_vrss_sign, ...others } = before[0] ?? {};
    expect([stck_bsop_date, prdy_vrss, prdy_vrss_sign]).toEqual(['20261120', '0', '0']);
    expect(stck_clpr).toBe((await desk.about('price', '005930')).stck_prpr);
    expect(new Set(Object.values(others))).toEqual(new Set(['']));
    expect(before[1]?.stck_bsop_date).toBe('20261119');

    await desk.clock.advance(1_000);
    const after = rows(await desk.ask('investors'), 'output');
    expect(after.length).toBe(30);
    expect(after[0]?.stck_bsop_date).toBe('20261120');
    expect(after[0]?.prsn_ntby_qty).toMatch(/^-?\d+$/);
    expect(after.slice(1)).toEqual(before.slice(1, 30));
  });

  test('add up: what is bought is sold, and all of it is the volume', async () => {
    const desk = await quoteDeskAt('2026-11-20T17:00:00');
    for (const code of ['005930', '00104K', '112190']) {
      const days = rows(await desk.ask('days', { FID_INPUT_ISCD: code }), 'output');
      const found = rows(await desk.ask('investors', { FID_INPUT_ISCD: code }), 'output');
      for (const [n, row] of found.entries()) {
        const sum = (ending: string): number =>
          ['prsn', 'frgn', 'orgn'].reduce((total, who) => total + number(row, `${who}_${ending}`), 0);
        expect(sum('shnu_vol')).toBe(number(days[n], 'acml_vol'));
        expect(sum('seln_vol')).toBe(number(days[n], 'acml_vol'));
        expect(sum('ntby_qty')).toBe(0);
        for (const who of ['prsn', 'frgn', 'orgn']) {
          const of = (name: string): number => number(row, `${who}_${name}`);
          expect(of('shnu_vol')).toBeGreaterThanOrEqual(0);
          expect(of('seln_vol')).toBeGreaterThanOrEqual(0);
          expect(of('ntby_qty')).toBe(of('shnu_vol') - of('seln_vol'));
          expect(of('ntby_tr_pbmn')).toBe(of('shnu_tr_pbmn') - of('seln_tr_pbmn'));
        }
      }
    }
  });
});
