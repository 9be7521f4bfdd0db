import { dateOf, dayOf } from '../../market/calendar.ts';
import { uapiRefusal } from '../../reply.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import { filledAmount, filledQuantity, type Order, openQuantity } from '../../trading/order.ts';
import { momentOf } from '../../trading/trading-hours.ts';
import { listingOf } from '../domestic/listing.ts';
import type { Endpoint } from '../endpoint.ts';
import { timeOfDay, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { type AccountQuestion, ANYTHING, createAccountEndpoint, DATE } from './account-endpoint.ts';
import { BRANCH, orderNumber } from './order-answer.ts';
import { pageReply } from './pages.ts';

const RECENT: readonly string[] = ['TTTC0081R', 'TTTC8001R'];
const OLDER: readonly string[] = ['CTSC9215R', 'CTSC9115R'];

const CONDITIONS =
  'CANO ACNT_PRDT_CD INQR_STRT_DT INQR_END_DT SLL_BUY_DVSN_CD INQR_DVSN PDNO CCLD_DVSN ODNO EXCG_ID_DVSN_CD'.split(' ');

/** 주식일별주문체결조회: of the last three months, or of what was before. */
export function createInquireDailyCcld(brokerage: Brokerage): Endpoint {
  return createAccountEndpoint(brokerage, {
    method: 'GET',
    name: 'inquire-daily-ccld',
    trIds: [...RECENT, ...OLDER],
    params: {
      INQR_STRT_DT: DATE,
      INQR_END_DT: DATE,
      SLL_BUY_DVSN_CD: /^0[012]$/,
      ORD_GNO_BRNO: ANYTHING,
      CCLD_DVSN: /^0[012]$/,
      INQR_DVSN: /^0[01]$/,
      INQR_DVSN_1: /^[12]?$/,
      INQR_DVSN_3: /^0[0-7]$/,
      EXCG_ID_DVSN_CD: /^(KRX|NXT|SOR|ALL)?$/,
      CTX_AREA_FK100: ANYTHING,
      CTX_AREA_NK100: ANYTHING,
    },
    optional: { PDNO: ANYTHING, ODNO: /^\d{0,10}$/ },
    answer(question) {
      const { account, isVirtual, param } = question;
      const fromDay = dayOf(param('INQR_STRT_DT'));
      const toDay = dayOf(param('INQR_END_DT'));
      if (fromDay === undefined || toDay === undefined) return uapiRefusal('OPSQ2002');
      const orders = account
        .orders()
        .filter(({ day }) => day >= fromDay && day <= toDay)
        .filter((order) => isAskedFor(order, question));
      const rows = orders.map((order) => ({
        key: dateOf(order.day) + orderNumber(order),
        fields: () => orderFields(order),
      }));
      const isReverse = param('INQR_DVSN') === '00';
      if (isReverse) rows.reverse();
      const maxRows = isVirtual ? 15 : 100;
      return pageReply(question, { rows, isReverse, maxRows, conditions: CONDITIONS }, { output2: totals(orders) });
    },
  });
}

function isAskedFor(order: Order, { trId, nowMs, param }: AccountQuestion): boolean {
  const isRecent = order.day >= threeMonthsBefore(momentOf(nowMs).day);
  const asks = (name: string, value: string): boolean => param(name) === '' || param(name) === value;
  const side = param('SLL_BUY_DVSN_CD');
  const matched = param('CCLD_DVSN');
  return (
    isRecent === RECENT.some((recent) => recent.slice(1) === trId.slice(1)) &&
    (side === '00' || side === sideCode(order)) &&
    (matched === '00' || (matched === '01' ? filledQuantity(order) > 0 : openQuantity(order) > 0)) &&
    // Neither ELWs nor the free board, and nothing on credit, is traded here.
    param('INQR_DVSN_1') === '' &&
    /^0[01]$/.test(param('INQR_DVSN_3')) &&
    (param('EXCG_ID_DVSN_CD') === 'ALL' || asks('EXCG_ID_DVSN_CD', order.exchange)) &&
    asks('PDNO', order.stock.symbol.code) &&
    asks('ORD_GNO_BRNO', BRANCH) &&
    (param('ODNO') === '' || param('ODNO').padStart(10, '0') === orderNumber(order))
  );
}

/** The same date of the month three months earlier, or what comes after it where that month is too short. */
function threeMonthsBefore(day: number): number {
  const date = new Date(day * 86_400_000);
  return date.setUTCMonth(date.getUTCMonth() - 3) / 86_400_000;
}

function sideCode({ side }: Order): '01' | '02' {
  return side === 'sell' ? '01' : '02';
}

const ACTION_NAMES = { place: '', modify: '정정', cancel: '취소' } as const;

function orderFields(order: Order): Fields {
  const { stock, kind, original, fills } = order;
  const quantity = filledQuantity(order);
  const open = openQuantity(order);
  const lastFill = fills.at(-1);
  return {
    ord_dt: dateOf(order.day),
    ord_gno_brno: BRANCH,
    odno: orderNumber(order),
    orgn_odno: original ? orderNumber(original) : '',
    ord_dvsn_name: kind.name,
    sll_buy_dvsn_cd: sideCode(order),
    sll_buy_dvsn_cd_name: `현금${order.side === 'sell' ? '매도' : '매수'}${ACTION_NAMES[order.action]}`,
    pdno: stock.symbol.code,
    prdt_name: stock.symbol.name,
    ord_qty: whole(order.quantity),
    ord_unpr: whole(kind.pricing === 'market' ? 0 : (order.limit ?? 0)),
    ord_tmd: timeOfDay(order.ofDayMs),
    tot_ccld_qty: whole(quantity),
    avg_prvs: whole(quantity === 0 ? 0 : filledAmount(order) / quantity),
    cncl_yn: open === 0 && order.cancelled > 0 ? 'Y' : 'N',
    tot_ccld_amt: whole(filledAmount(order)),
    loan_dt: '',
    ordr_empno: 'OpnAPI',
    ord_dvsn_cd: kind.code,
    cnc_cfrm_qty: whole(order.cancelled),
    rmn_qty: whole(open),
    rjct_qty: '0',
    ccld_cndt_name: kind.stays === 'day' ? '없음' : kind.stays,
    inqr_ip_addr: '',
    cpbc_ordp_ord_rcit_dvsn_cd: '',
    cpbc_ordp_infm_mthd_dvsn_cd: '',
    infm_tmd: lastFill ? timeOfDay(lastFill.ofDayMs) : '',
    ctac_tlno: '',
    prdt_type_cd: '300',
    excg_dvsn_cd: listingOf(stock.symbol).exchange,
    cpbc_ordp_mtrl_dvsn_cd: '',
    ord_orgno: BRANCH,
    rsvn_ord_end_dt: '',
    excg_id_dvsn_Cd: order.exchange,
    stpm_cndt_pric: '0',
    stpm_efct_occr_dtmd: '',
  };
}

function totals(orders: readonly Order[]): Fields {
  const sum = (of: (order: Order) => number): number => orders.reduce((total, order) => total + of(order), 0);
  const quantity = sum(filledQuantity);
  const amount = sum(filledAmount);
  return {
    tot_ord_qty: whole(sum((order) => order.quantity)),
    tot_ccld_qty: whole(quantity),
    tot_ccld_amt: whole(amount),
    prsm_tlex_smtl: '0',
    pchs_avg_pric: (quantity === 0 ? 0 : amount / quantity).toFixed(4),
  };
}
