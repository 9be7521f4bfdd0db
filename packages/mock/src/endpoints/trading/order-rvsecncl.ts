import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import { orderKind } from '../../trading/order-kinds.ts';
import type { Endpoint } from '../endpoint.ts';
import { ANYTHING, createAccountEndpoint, EXCHANGE } from './account-endpoint.ts';
import { BRANCH, orderNumber, orderReply } from './order-answer.ts';

/** 주식주문(정정취소). */
export function createOrderRvsecncl(brokerage: Brokerage): Endpoint {
  return createAccountEndpoint(brokerage, {
    method: 'POST',
    name: 'order-rvsecncl',
    trIds: ['TTTC0013U', 'TTTC0803U'],
    params: {
      KRX_FWDG_ORD_ORGNO: ANYTHING,
      ORGN_ODNO: /^\d{1,10}$/,
      ORD_DVSN: ANYTHING,
      RVSE_CNCL_DVSN_CD: /^0[12]$/,
      ORD_QTY: /^\d{1,10}$/,
      ORD_UNPR: /^\d{1,19}$/,
      QTY_ALL_ORD_YN: /^[YN]$/,
    },
    optional: { EXCG_ID_DVSN_CD: EXCHANGE },
    answer({ account, isVirtual, param }) {
      const kind = orderKind(param('ORD_DVSN'));
      if (!kind) return invalidParam('ORD_DVSN');
      const number = param('ORGN_ODNO').padStart(10, '0');
      const original = account.orders().find((order) => orderNumber(order) === number);
      if (!original || param('KRX_FWDG_ORD_ORGNO') !== BRANCH) return uapiRefusal('KIER2620');

      const quantity = param('QTY_ALL_ORD_YN') === 'Y' ? undefined : Number(param('ORD_QTY'));
      if (param('RVSE_CNCL_DVSN_CD') === '02') return orderReply(account.cancel(original, quantity), isVirtual);
      const price = Number(param('ORD_UNPR'));
      return orderReply(account.modify(original, { kind, quantity, price }), isVirtual);
    },
  });
}
