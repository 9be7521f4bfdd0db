import type { Market } from '../../market/market.ts';
import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import { orderKind } from '../../trading/order-kinds.ts';
import type { Endpoint } from '../endpoint.ts';
import { ANYTHING, createAccountEndpoint, EXCHANGE } from './account-endpoint.ts';
import { orderReply } from './order-answer.ts';

const BUYS: readonly string[] = ['TTTC0012U', 'TTTC0802U'];
const SALES: readonly string[] = ['TTTC0011U', 'TTTC0801U'];

/** 주식주문(현금). */
export function createOrderCash(market: Market, brokerage: Brokerage): Endpoint {
  return createAccountEndpoint(brokerage, {
    method: 'POST',
    name: 'order-cash',
    trIds: [...BUYS, ...SALES],
    params: { PDNO: ANYTHING, ORD_DVSN: ANYTHING, ORD_QTY: /^\d{1,10}$/, ORD_UNPR: /^\d{1,19}$/ },
    optional: { SLL_TYPE: /^(01|02|05)?$/, EXCG_ID_DVSN_CD: EXCHANGE },
    answer({ account, isVirtual, trId, param }) {
      const kind = orderKind(param('ORD_DVSN'));
      if (!kind) return invalidParam('ORD_DVSN');
      const stock = market.find(param('PDNO'));
      if (!stock) return uapiRefusal('APBK0656');
      const side = BUYS.some((buy) => buy.slice(1) === trId.slice(1)) ? 'buy' : 'sell';
      const exchange = param('EXCG_ID_DVSN_CD') || 'KRX';
      const asked = { quantity: Number(param('ORD_QTY')), price: Number(param('ORD_UNPR')) };
      return orderReply(account.place({ stock, side, kind, exchange, ...asked }), isVirtual);
    },
  });
}
