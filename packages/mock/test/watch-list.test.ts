import { describe, expect, test } from 'vitest';
import { rows } from './calls.ts';
import { quoteDeskAt } from './quote-desk.ts';

function pairs(codes: readonly (string | readonly [venue: string, code: string])[]): Record<string, string> {
  return Object.fromEntries(
    codes.flatMap((one, n) => {
      const [venue, code] = typeof one === 'string' ? ['J', one] : one;
      return [
        [`FID_COND_MRKT_DIV_CODE_${n + 1}`, venue],
        [`FID_INPUT_ISCD_${n + 1}`, code],
      ];
    }),
  );
}

describe('a list of many stocks', () => {
  test('comes in the order in which it was asked for, thirty at the most', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const codes = desk.fake.symbols
      .slice(0, 35)
      .map(({ code }) => code)
      .reverse();
    const found = rows(await desk.ask('watched', pairs(codes)), 'output');
    expect(found.map((row) => row.inter_shrn_iscd)).toEqual(codes.slice(0, 30));
  });

  test('ends with the first pair that is empty', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const found = rows(await desk.ask('watched', pairs(['005930', '000660', '', '035420'])), 'output');
    expect(found.map((row) => row.inter_kor_isnm)).toEqual(['삼성전자', 'SK하이닉스']);
  });

  test('has a row of zeros for a code that nobody has', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const found = rows(await desk.ask('watched', pairs(['999999', '005930', ['U', '9999'], '"; drop'])), 'output');
    for (const [n, code] of [
      [0, '999999'],
      [2, '9999'],
      [3, '"; drop'],
    ] as const) {
      expect(found[n]).toMatchObject({ inter_shrn_iscd: code, inter_kor_isnm: '', inter2_prpr: '0', acml_vol: '0' });
      expect(Object.keys(found[n] ?? {})).toEqual(Object.keys(found[1] ?? {}));
    }
    expect(Number(found[1]?.inter2_prpr)).toBeGreaterThan(0);
  });

  test('may hold indices, in points', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const [index, stock] = rows(await desk.ask('watched', pairs([['U', '0001'], '005930'])), 'output');
    expect(stock?.inter_shrn_iscd).toBe('005930');
    const price = (await desk.ask('index')).body.output as Record<string, string>;
    expect(index).toMatchObject({
      kospi_kosdaq_cls_name: '업종',
      inter_shrn_iscd: '0001',
      inter_kor_isnm: '종합',
      inter2_prpr: price.bstp_nmix_prpr,
      inter2_prdy_vrss: price.bstp_nmix_prdy_vrss,
      prdy_ctrt: price.bstp_nmix_prdy_ctrt,
      acml_vol: price.acml_vol,
      acml_tr_pbmn: price.acml_tr_pbmn,
      inter2_hgpr: price.bstp_nmix_hgpr,
      total_askp_rsqn: price.total_askp_rsqn,
      inter2_askp: '',
    });
  });

  test('says that the open is yet to come', async () => {
    const desk = await quoteDeskAt('2026-11-20T08:30:00');
    const [row] = rows(await desk.ask('watched'), 'output');
    expect(row).toMatchObject({ hour_cls_code: 'B', acml_vol: '0', inter2_oprc: '0', oprc_vrss_hgpr_rate: '0.00' });
    expect(row?.inter2_prpr).toBe(row?.inter2_prdy_clpr);
  });
});
