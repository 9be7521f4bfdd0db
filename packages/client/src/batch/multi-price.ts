import type { CurrentPrice } from '../current-price.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { KisResponseError } from '../errors.ts';
import { type Fields, parseText, readChange, readFields, valueNamed } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import type { KisBody, KisReply } from '../transport.ts';
import { createUnknownStockError } from '../unknown-stock.ts';
import type { BatchItem } from './item.ts';

/** How many stocks KIS takes in one call. */
export const mostPerCall = 30;

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/intstock-multprice',
  trId: { real: 'FHKST11300006' },
};

export function requestPrices(
  request: Request,
  stockCodes: readonly string[],
  options: CallOptions,
): Promise<KisReply> {
  const pairs = stockCodes.map((code, index) => ({
    [`FID_COND_MRKT_DIV_CODE_${index + 1}`]: 'J',
    [`FID_INPUT_ISCD_${index + 1}`]: code,
  }));
  return request(endpoint, Object.assign({}, ...pairs), options);
}

/** What a reply tells of the codes that were asked about; of those that it says nothing clear about, nothing. */
export function readPrices(reply: KisReply, stockCodes: readonly string[]): BatchItem<CurrentPrice>[] {
  const rows = [valueNamed(reply.body, 'output')].flat().filter(isObject);
  const codes = rows.map((row) => parseText(valueNamed(row, 'inter_shrn_iscd')));
  // KIS keeps the order, and need not repeat a code that it does not know.
  const isComplete = rows.length === stockCodes.length;
  return stockCodes.flatMap((code, index) => {
    const place = codes.indexOf(code);
    const row = rows[place === -1 && isComplete && codes[index] === undefined ? index : place];
    return row === undefined ? [] : readItem(reply, row, code);
  });
}

/** Whether its `raw` is a row of such a reply, which has less than the reply to a price alone. */
export function isRowOfMany({ raw }: CurrentPrice): boolean {
  return valueNamed(raw, 'inter2_prpr') !== undefined;
}

function readItem(reply: KisReply, row: KisBody, code: string): BatchItem<CurrentPrice>[] {
  const fields = readFields(reply, row, 'output');
  if (fields.optionalNumber('inter2_prpr') === 0) {
    // Its documents do not say that this call knows ETNs.
    return code.startsWith('Q') ? [] : [{ code, error: createUnknownStockError(code, reply) }];
  }
  try {
    return [{ code, value: readPrice(reply, row, fields, code) }];
  } catch (error) {
    if (error instanceof KisResponseError) return [];
    throw error;
  }
}

function readPrice(reply: KisReply, row: KisBody, fields: Fields, stockCode: string): CurrentPrice {
  return {
    stockCode,
    stockName: fields.optionalText('inter_kor_isnm'),
    currentPrice: fields.number('inter2_prpr'),
    changePrice: readChange(fields, 'inter2_prdy_vrss'),
    changeRate: readChange(fields, 'prdy_ctrt'),
    openPrice: fields.number('inter2_oprc'),
    highPrice: fields.number('inter2_hgpr'),
    lowPrice: fields.number('inter2_lwpr'),
    volume: fields.number('acml_vol'),
    tradingValue: fields.number('acml_tr_pbmn'),
    timestampMs: reply.dateMs,
    raw: row,
  };
}

function isObject(row: unknown): row is KisBody {
  return typeof row === 'object' && row !== null;
}
