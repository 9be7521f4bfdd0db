import { collateralPrice } from '../../market/fundamentals.ts';
import { KRX } from '../../market/krx.ts';
import type { Market } from '../../market/market.ts';
import { sessionBefore } from '../../market/venue.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import { type Holding, holdingsOf, tradedOn } from '../../trading/holdings.ts';
import type { Fill } from '../../trading/order.ts';
import { cashAfter, depositOn, settlementDay } from '../../trading/settlement.ts';
import { momentOf, sessionAfter } from '../../trading/trading-hours.ts';
import { listingOf } from '../domestic/listing.ts';
import type { Endpoint } from '../endpoint.ts';
import { percentAbove, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { type AccountQuestion, ANYTHING, createAccountEndpoint } from './account-endpoint.ts';
import { pageReply } from './pages.ts';

/** KIS gives none. */
const NO_RATE = '0.00000000';

const CONDITIONS =
  'CANO ACNT_PRDT_CD AFHR_FLPR_YN OFL_YN INQR_DVSN UNPR_DVSN FUND_STTL_ICLD_YN FNCG_AMT_AUTO_RDPT_YN PRCS_DVSN'.split(
    ' ',
  );

/** 주식잔고조회. */
export function createInquireBalance(market: Market, brokerage: Brokerage): Endpoint {
  return createAccountEndpoint(brokerage, {
    method: 'GET',
    name: 'inquire-balance',
    trIds: ['TTTC8434R'],
    params: {
      AFHR_FLPR_YN: /^[NYX]$/,
      INQR_DVSN: /^0[12]$/,
      UNPR_DVSN: /^01$/,
      FUND_STTL_ICLD_YN: /^[NY]$/,
      FNCG_AMT_AUTO_RDPT_YN: /^[NY]$/,
      PRCS_DVSN: /^0[01]$/,
    },
    optional: { OFL_YN: ANYTHING, CTX_AREA_FK100: ANYTHING, CTX_AREA_NK100: ANYTHING },
    answer(question) {
      const { account, isVirtual, nowMs, param } = question;
      const fills = account.fills();
      const { day } = momentOf(nowMs);
      // What was sold out stands there until it is settled, or only that day.
      const isJustSold = (soldDay: number): boolean =>
        param('PRCS_DVSN') === '00' ? settlementDay(soldDay) > day : soldDay === day;
      const holdings = holdingsOf(fills);
      const shown = holdings.filter(({ quantity, soldDay = 0 }) => quantity > 0 || isJustSold(soldDay));
      const rows = shown.map((holding) => ({
        key: holding.stock.symbol.code,
        fields: () => holdingFields(market, holding, fills, question),
      }));
      const maxRows = isVirtual ? 20 : 50;
      return pageReply(
        question,
        { rows, isReverse: false, maxRows, conditions: CONDITIONS },
        { output2: [summary(market, holdings, fills, question)] },
      );
    },
  });
}

/** The value of what is held, in won, each share at this price. */
function worthOf(holdings: readonly Holding[], priceOf: (holding: Holding) => number): number {
  return holdings.reduce((sum, holding) => sum + holding.quantity * priceOf(holding), 0);
}

function holdingFields(
  market: Market,
  holding: Holding,
  allFills: readonly Fill[],
  { account, nowMs }: AccountQuestion,
): Fields {
  const { stock, quantity, cost } = holding;
  const { code, name } = stock.symbol;
  const { day } = momentOf(nowMs);
  const fills = allFills.filter((fill) => fill.stock === stock);
  const shares = (side: Fill['side'], on: number): string => whole(tradedOn(fills, side, on).quantity);
  const before = sessionBefore(KRX, day);
  const { price, basePrice } = market.quote(stock, nowMs);
  const value = quantity * price;
  return {
    pdno: code,
    prdt_name: name,
    trad_dvsn_name: '현금',
    bfdy_buy_qty: shares('buy', before),
    bfdy_sll_qty: shares('sell', before),
    thdt_buyqty: shares('buy', day),
    thdt_sll_qty: shares('sell', day),
    hldg_qty: whole(quantity),
    ord_psbl_qty: whole(quantity - account.promisedShares(code)),
    pchs_avg_pric: (quantity === 0 ? 0 : cost / quantity).toFixed(4),
    pchs_amt: whole(cost),
    prpr: whole(price),
    evlu_amt: whole(value),
    evlu_pfls_amt: whole(value - cost),
    evlu_pfls_rt: percentAbove(value, cost),
    evlu_erng_rt: NO_RATE,
    loan_dt: '',
    loan_amt: '0',
    stln_slng_chgs: '0',
    expd_dt: '',
    fltt_rt: `${percentAbove(price, basePrice)}000000`,
    bfdy_cprs_icdc: whole(price - basePrice),
    item_mgna_rt_name: `${Number(listingOf(stock.symbol).marginRate)}%`,
    grta_rt_name: '',
    sbst_pric: whole(collateralPrice(basePrice)),
    stck_loan_unpr: '0.0000',
  };
}

function summary(
  market: Market,
  holdings: readonly Holding[],
  fills: readonly Fill[],
  { account, nowMs }: AccountQuestion,
): Fields {
  const { day } = momentOf(nowMs);
  const before = sessionBefore(KRX, day);
  const deposit = depositOn(day, account.cash, fills);
  const value = worthOf(holdings, ({ stock }) => market.quote(stock, nowMs).price);
  const cost = holdings.reduce((sum, holding) => sum + holding.cost, 0);
  const total = value + cashAfter(account.cash, fills);
  const fillsBefore = fills.filter((fill) => fill.day < day);
  const totalBefore =
    worthOf(holdingsOf(fillsBefore), ({ stock }) => stock.walk.close(before)) + cashAfter(account.cash, fillsBefore);
  const traded = (side: Fill['side'], on: number): string => whole(tradedOn(fills, side, on).amount);
  return {
    dnca_tot_amt: whole(deposit),
    nxdy_excc_amt: whole(depositOn(sessionAfter(day), account.cash, fills)),
    prvs_rcdl_excc_amt: whole(cashAfter(account.cash, fills)),
    cma_evlu_amt: '0',
    bfdy_buy_amt: traded('buy', before),
    thdt_buy_amt: traded('buy', day),
    nxdy_auto_rdpt_amt: '0',
    bfdy_sll_amt: traded('sell', before),
    thdt_sll_amt: traded('sell', day),
    d2_auto_rdpt_amt: '0',
    bfdy_tlex_amt: '0',
    thdt_tlex_amt: '0',
    tot_loan_amt: '0',
    scts_evlu_amt: whole(value),
    tot_evlu_amt: whole(total),
    nass_amt: whole(total),
    fncg_gld_auto_rdpt_yn: '',
    pchs_amt_smtl_amt: whole(cost),
    evlu_amt_smtl_amt: whole(value),
    evlu_pfls_smtl_amt: whole(value - cost),
    tot_stln_slng_chgs: '0',
    bfdy_tot_asst_evlu_amt: whole(totalBefore),
    asst_icdc_amt: whole(total - totalBefore),
    asst_icdc_erng_rt: NO_RATE,
  };
}
