import { invalidParam, type Reply, uapiRefusal, uapiReply } from '../../reply.ts';
import type { Order } from '../../trading/order.ts';
import type { Refusal } from '../../trading/trading-account.ts';
import { timeOfDay } from '../format.ts';

/** The branch that every order goes through. KIS: `KRX_FWDG_ORD_ORGNO`, and `ord_gno_brno` of a list. */
export const BRANCH = '91252';

/** KIS: `ODNO`. */
export function orderNumber({ number }: Order): string {
  return String(number).padStart(10, '0');
}

/** KIS's answer to an order, in upper case, or its refusal. */
export function orderReply(order: Order | Refusal, isVirtual: boolean): Reply {
  if (typeof order === 'string') return orderRefusal(order, isVirtual);
  const { ofDayMs } = order;
  const output = { KRX_FWDG_ORD_ORGNO: BRANCH, ODNO: orderNumber(order), ORD_TMD: timeOfDay(ofDayMs) };
  return uapiReply({ output }, { kisCode: 'APBK0013' });
}

/** KIS's codes; where none is documented for the real host, that of a bad parameter. */
const CODES: Readonly<Record<Refusal, { readonly real: string; readonly virtual: string }>> = {
  'no-session': { real: 'APBK0919', virtual: '40100000' },
  before: { real: 'APBK0918', virtual: '40570000' },
  after: { real: 'APBK0918', virtual: '40580000' },
  'no-quantity': { real: 'ORD_QTY', virtual: '40310000' },
  'beyond-limits': { real: 'ORD_UNPR', virtual: '40270000' },
  'off-tick': { real: 'ORD_UNPR', virtual: 'ORD_UNPR' },
  'no-market-orders': { real: 'APBK1943', virtual: 'APBK1943' },
  'too-little-cash': { real: 'APBK0952', virtual: 'APBK0952' },
  'too-few-shares': { real: 'APBK1234', virtual: '40310000' },
  'shares-promised': { real: 'APBK0400', virtual: '40310000' },
  'more-than-open': { real: 'APBK0400', virtual: '40310000' },
};

function orderRefusal(reason: Refusal, isVirtual: boolean): Reply {
  const code = CODES[reason][isVirtual ? 'virtual' : 'real'];
  return code.startsWith('ORD_') ? invalidParam(code) : uapiRefusal(code);
}
