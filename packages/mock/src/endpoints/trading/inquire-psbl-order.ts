import type { Market } from '../../market/market.ts';
import { invalidParam, uapiRefusal, uapiReply } from '../../reply.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import { limitOf } from '../../trading/matching.ts';
import { orderKind } from '../../trading/order-kinds.ts';
import { moneyOf, settlementDay } from '../../trading/settlement.ts';
import { momentOf } from '../../trading/trading-hours.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import { type AccountQuestion, ANYTHING, createAccountEndpoint } from './account-endpoint.ts';

/** 매수가능조회: what order-cash would take at this moment. Nothing is lent. */
export function createInquirePsblOrder(market: Market, brokerage: Brokerage): Endpoint {
  return createAccountEndpoint(brokerage, {
    method: 'GET',
    name: 'inquire-psbl-order',
    trIds: ['TTTC8908R'],
    params: {
      PDNO: ANYTHING,
      ORD_UNPR: /^\d{0,19}$/,
      ORD_DVSN: ANYTHING,
      CMA_EVLU_AMT_ICLD_YN: /^[YN]$/,
      OVRS_ICLD_YN: /^[YN]$/,
    },
    answer(question) {
      const { account, nowMs, param } = question;
      const kind = orderKind(param('ORD_DVSN'));
      if (!kind) return invalidParam('ORD_DVSN');
      const stock = market.find(param('PDNO'));
      if (!stock && param('PDNO') !== '') return uapiRefusal('APBK0656');

      const quote = stock && market.quote(stock, nowMs);
      const price = Number(param('ORD_UNPR'));
      const unitPrice = quote
        ? (limitOf({ stock, side: 'buy', kind, price, exchange: '' }, quote) ?? quote.upperLimit)
        : 0;
      const amount = account.orderableCash();
      const reused = Math.min(amount, unsettledSales(question));
      const quantity = unitPrice > 0 ? Math.floor(amount / unitPrice) : 0;
      const output = {
        ord_psbl_cash: whole(amount - reused),
        ord_psbl_sbst: '0',
        ruse_psbl_amt: whole(reused),
        fund_rpch_chgs: '0',
        psbl_qty_calc_unpr: whole(unitPrice),
        nrcvb_buy_amt: whole(amount),
        nrcvb_buy_qty: whole(quantity),
        max_buy_amt: whole(amount),
        max_buy_qty: whole(quantity),
        cma_evlu_amt: '0',
        ovrs_re_use_amt_wcrc: '0',
        ord_psbl_frcr_amt_wcrc: '0',
      };
      return uapiReply({ output }, { kisCode: 'KIOK0510' });
    },
  });
}

/** What was sold and is yet to be paid: it can be used again at once. */
function unsettledSales({ account, nowMs }: AccountQuestion): number {
  const { day } = momentOf(nowMs);
  const sales = account.fills().filter((fill) => fill.side === 'sell' && settlementDay(fill.day) > day);
  return sales.reduce((sum, fill) => sum + moneyOf(fill), 0);
}
