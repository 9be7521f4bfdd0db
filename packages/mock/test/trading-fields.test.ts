import { describe, expect, test } from 'vitest';
import { block, rows } from './calls.ts';
import { openDesk } from './trading-desk.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const HOLDING_FIELDS = words(`
  pdno prdt_name trad_dvsn_name bfdy_buy_qty bfdy_sll_qty thdt_buyqty thdt_sll_qty hldg_qty ord_psbl_qty
  pchs_avg_pric pchs_amt prpr evlu_amt evlu_pfls_amt evlu_pfls_rt evlu_erng_rt loan_dt loan_amt stln_slng_chgs
  expd_dt fltt_rt bfdy_cprs_icdc item_mgna_rt_name grta_rt_name sbst_pric stck_loan_unpr
`);

const SUMMARY_FIELDS = words(`
  dnca_tot_amt nxdy_excc_amt prvs_rcdl_excc_amt cma_evlu_amt bfdy_buy_amt thdt_buy_amt nxdy_auto_rdpt_amt
  bfdy_sll_amt thdt_sll_amt d2_auto_rdpt_amt bfdy_tlex_amt thdt_tlex_amt tot_loan_amt scts_evlu_amt tot_evlu_amt
  nass_amt fncg_gld_auto_rdpt_yn pchs_amt_smtl_amt evlu_amt_smtl_amt evlu_pfls_smtl_amt tot_stln_slng_chgs
  bfdy_tot_asst_evlu_amt asst_icdc_amt asst_icdc_erng_rt
`);

const ORDERABLE_FIELDS = words(`
  ord_psbl_cash ord_psbl_sbst ruse_psbl_amt fund_rpch_chgs psbl_qty_calc_unpr nrcvb_buy_amt nrcvb_buy_qty
  max_buy_amt max_buy_qty cma_evlu_amt ovrs_re_use_amt_wcrc ord_psbl_frcr_amt_wcrc
`);

const ORDER_FIELDS = words(`
  ord_dt ord_gno_brno odno orgn_odno ord_dvsn_name sll_buy_dvsn_cd sll_buy_dvsn_cd_name pdno prdt_name ord_qty
  ord_unpr ord_tmd tot_ccld_qty avg_prvs cncl_yn tot_ccld_amt loan_dt ordr_empno ord_dvsn_cd cnc_cfrm_qty rmn_qty
  rjct_qty ccld_cndt_name inqr_ip_addr cpbc_ordp_ord_rcit_dvsn_cd cpbc_ordp_infm_mthd_dvsn_cd infm_tmd ctac_tlno
  prdt_type_cd excg_dvsn_cd cpbc_ordp_mtrl_dvsn_cd ord_orgno rsvn_ord_end_dt excg_id_dvsn_Cd stpm_cndt_pric
  stpm_efct_occr_dtmd
`);

const TOTAL_FIELDS = words('tot_ord_qty tot_ccld_qty tot_ccld_amt prsm_tlex_smtl pchs_avg_pric');

describe('the replies about an account', () => {
  test('have the fields of KIS’s own, in their order, all of them strings', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    await desk.buy();
    await desk.buy({ PDNO: '028300', ORD_QTY: '7' });
    await desk.sell({ ORD_QTY: '10' });
    const balance = await desk.balance();
    const history = await desk.history();
    const blocks = [
      ...rows(balance, 'output1').map((row) => [row, HOLDING_FIELDS] as const),
      ...rows(balance, 'output2').map((row) => [row, SUMMARY_FIELDS] as const),
      [await desk.orderable(), ORDERABLE_FIELDS] as const,
      ...rows(history, 'output1').map((row) => [row, ORDER_FIELDS] as const),
      [block(history, 'output2'), TOTAL_FIELDS] as const,
    ];
    expect(blocks.length).toBe(2 + 1 + 1 + 3 + 1);
    for (const [fields, names] of blocks) {
      expect(Object.keys(fields)).toEqual(names);
      for (const value of Object.values(fields)) {
        expect(value).toBeTypeOf('string');
        expect(value).not.toMatch(/NaN|Infinity|undefined|^-0(\.0+)?$/);
      }
    }
  });

  test('of an order are in upper case, with its number in ten digits and the time in Korea', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const order = await desk.buy();
    expect(order.status).toBe(200);
    expect(order.body).toEqual({
      output: { KRX_FWDG_ORD_ORGNO: '91252', ODNO: '0000000001', ORD_TMD: '103007' },
      rt_cd: '0',
      msg_cd: 'APBK0013',
      msg1: '주문 전송 완료 되었습니다.',
    });
    expect(block(await desk.buy(), 'output').ODNO).toBe('0000000002');
  });

  test('say KIOK0560 when there are no rows, and give the summary all the same', async () => {
    const { body, headers } = await (await openDesk('2026-11-21T11:00:00')).balance();
    expect(Object.keys(body)).toEqual(words('ctx_area_fk100 ctx_area_nk100 output1 output2 rt_cd msg_cd msg1'));
    expect(body).toMatchObject({ output1: [], output2: [{ tot_evlu_amt: '100000000' }], rt_cd: '0' });
    expect(body.msg_cd).toBe('KIOK0560');
    expect([String(body.ctx_area_fk100).length, body.ctx_area_nk100]).toEqual([100, ' '.repeat(100)]);
    expect(headers.get('tr_cont')).toBe('D');
  });

  test('are the same for the same calls at the same times', async () => {
    const run = async (): Promise<unknown> => {
      const desk = await openDesk('2026-11-20T10:30:07', { symbols: 120 });
      await desk.buy();
      await desk.clock.advance(60_000);
      await desk.sell({ ORD_QTY: '3' });
      return [(await desk.balance()).body, (await desk.history()).body];
    };
    expect(await run()).toEqual(await run());
  });
});
