import { describe, expect, test } from 'vitest';
import { type Row, rows } from './calls.ts';
import { type QuoteDesk, quoteDeskAt } from './quote-desk.ts';

const rankOf = async (desk: QuoteDesk, params: Readonly<Record<string, string>> = {}): Promise<readonly Row[]> =>
  rows(await desk.ask('rank', params), 'output');

describe('the ranks by volume', () => {
  test('are the thirty largest of all, each as its own quote has it', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const found = await rankOf(desk);
    expect(found.map((row) => row.data_rank)).toEqual(Array.from({ length: 30 }, (_, n) => String(n + 1)));
    const volumes = await Promise.all(
      desk.fake.symbols.map(async ({ code }) => Number((await desk.about('price', code)).acml_vol)),
    );
    expect(found.map((row) => Number(row.acml_vol))).toEqual(volumes.sort((a, b) => b - a).slice(0, 30));
    for (const row of found.slice(0, 5)) {
      const price = await desk.about('price', row.mksc_shrn_iscd ?? '');
      for (const name of ['stck_prpr', 'prdy_vrss', 'prdy_ctrt', 'acml_vol', 'acml_tr_pbmn', 'lstn_stcn', 'vol_tnrt']) {
        expect([name, row[name]]).toEqual([name, price[name]]);
      }
      expect(row.vol_inrt).toBe(price.prdy_vrss_vol_rate);
    }
  });

  test.each([
    ['0', 'acml_vol'],
    ['1', 'vol_inrt'],
    ['2', 'vol_tnrt'],
    ['3', 'acml_tr_pbmn'],
    ['4', 'tr_pbmn_tnrt'],
  ])('are by %s in the order of %s', async (by, field) => {
    const found = await rankOf(await quoteDeskAt('2026-11-20T13:07:23'), { FID_BLNG_CLS_CODE: by });
    const values = found.map((row) => Number(row[field]));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(new Set(values).size).toBeGreaterThan(10);
  });

  test('keep to prices and volumes', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const bounds = { FID_INPUT_PRICE_1: '50000', FID_INPUT_PRICE_2: '100000', FID_VOL_CNT: '500000' };
    const found = await rankOf(desk, bounds);
    expect(found.length).toBeGreaterThan(0);
    for (const row of found) {
      expect(Number(row.stck_prpr)).toBeGreaterThanOrEqual(50_000);
      expect(Number(row.stck_prpr)).toBeLessThanOrEqual(100_000);
      expect(Number(row.acml_vol)).toBeGreaterThanOrEqual(500_000);
    }
    const unbound = { FID_INPUT_PRICE_1: '0', FID_INPUT_PRICE_2: '0', FID_VOL_CNT: '0' };
    expect(await rankOf(desk, unbound)).toEqual(await rankOf(desk));
  });

  test('leave out what is excluded', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23', { symbols: 122 });
    const codes = async (params: Readonly<Record<string, string>>): Promise<readonly (string | undefined)[]> =>
      (await rankOf(desk, params)).map((row) => row.mksc_shrn_iscd);
    const preferred = ['00088K', '00104K', '005935', '02826K'];
    expect((await codes({ FID_DIV_CLS_CODE: '2' })).toSorted()).toEqual(preferred);
    expect(await codes({ FID_DIV_CLS_CODE: '2', FID_TRGT_EXLS_CLS_CODE: '0000100000' })).toEqual([]);
    const cheap = { FID_INPUT_ISCD: '0001', FID_INPUT_PRICE_1: '5000', FID_INPUT_PRICE_2: '60000' };
    const all = await codes(cheap);
    const isEtf = (code: string | undefined): boolean => code === '069500';
    const isEtn = (code: string | undefined): boolean => code?.startsWith('Q') ?? false;
    expect([all.some(isEtf), all.some(isEtn)]).toEqual([true, true]);
    const without = async (flags: string): Promise<boolean[]> => {
      const found = await codes({ ...cheap, FID_TRGT_EXLS_CLS_CODE: flags });
      return [found.some(isEtf), found.some(isEtn)];
    };
    expect(await without('0000001000')).toEqual([false, true]);
    expect(await without('0000000100')).toEqual([true, false]);
    expect(await without('0000000010')).toEqual([false, false]);
  });

  test('can be of one market or sector', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const markets = new Map(desk.fake.symbols.map(({ code, market }) => [code, market]));
    const sectors = new Map(desk.fake.symbols.map(({ code, sector }) => [code, sector]));
    const codes = async (sector: string): Promise<readonly string[]> =>
      (await rankOf(desk, { FID_INPUT_ISCD: sector })).map((row) => row.mksc_shrn_iscd ?? '');
    expect(new Set((await codes('0001')).map((code) => markets.get(code)))).toEqual(new Set(['KOSPI']));
    expect(new Set((await codes('1001')).map((code) => markets.get(code)))).toEqual(new Set(['KOSDAQ']));
    expect(new Set((await codes('0020')).map((code) => sectors.get(code)))).toEqual(new Set(['통신']));
    expect(await codes('9999')).toEqual([]);
  });

  test('begin anew with the next moment', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const before = await rankOf(desk);
    await desk.clock.advance(60_000);
    const after = await rankOf(desk);
    expect(after).not.toEqual(before);
    const [first] = after;
    expect(first?.acml_vol).toBe((await desk.about('price', first?.mksc_shrn_iscd ?? '')).acml_vol);
  });
});
