import { readBlock } from './blocks.ts';
import { KisApiError } from './errors.ts';
import { type Fields, parseText } from './fields.ts';
import type { KisReply } from './transport.ts';

/** For a code that KIS does not know: it refuses it, or answers with `rt_cd` 0 and zeros, which must not pass for data. */
export function createUnknownStockError(code: string, answer: KisReply | KisApiError): KisApiError {
  return createUnknownError(`stock ${code}`, answer);
}

export function createUnknownError(what: string, answer: KisReply | KisApiError): KisApiError {
  const { status, trId } = answer;
  const { kisCode, kisMessage } =
    answer instanceof KisApiError
      ? answer
      : { kisCode: parseText(answer.body.msg_cd) ?? '', kisMessage: parseText(answer.body.msg1) ?? '' };
  return new KisApiError({ kisCode, kisMessage, status, trId, message: `KIS knows no ${what}` });
}

/** Whether a price is zero, or blank, which is how KIS answers where it knows nothing. */
export function isNothing(fields: Fields, name: string): boolean {
  return fields.optionalText(name) === undefined || fields.optionalNumber(name) === 0;
}

/**
 * For a chart without candles: a stock may have none yet.
 *
 * @throws KisApiError when it has no price either.
 */
export function assertPrice(code: string, chart: KisReply): void {
  if (!readBlock(chart, 'output1', {}).optionalNumber('stck_prpr')) throw createUnknownStockError(code, chart);
}
