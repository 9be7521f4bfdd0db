import { KisApiError } from './errors.ts';
import type { KisReply } from './transport.ts';

/** KIS answers a code that it does not know with `rt_cd` 0 and zeros, which must not pass for data. */
export function createUnknownStockError(code: string, { body, status, trId }: KisReply): KisApiError {
  const [kisCode, kisMessage] = [String(body.msg_cd ?? ''), String(body.msg1 ?? '').trim()];
  return new KisApiError({ kisCode, kisMessage, status, trId, message: `KIS knows no stock ${code}: it has no price` });
}
