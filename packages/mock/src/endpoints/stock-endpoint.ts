import type { Market, Quote, Stock } from '../market/market.ts';
import { type Reply, uapiRefusal, uapiReply } from '../reply.ts';
import type { Endpoint, Params } from './endpoint.ts';

/** The blocks of an answer: `output`, `output1`, … with KIS's fields, every value a string. */
type Outputs = Readonly<Record<string, Fields | readonly Fields[]>>;
export type Fields = Readonly<Record<string, string>>;

export interface StockEndpointOptions {
  readonly path: string;
  readonly trId: string;
  /** Beyond the market and the code. */
  readonly params?: readonly string[];
  /** Refuses what cannot be asked. */
  readonly check?: (params: Params) => Reply | undefined;
  readonly outputs: (stock: Stock, quote: Quote, params: Params, nowMs: number) => Outputs;
}

/** An endpoint about one stock, with the ways in which all of these refuse a code. */
export function createStockEndpoint(market: Market, options: StockEndpointOptions): Endpoint {
  return {
    path: options.path,
    trId: options.trId,
    params: ['FID_COND_MRKT_DIV_CODE', 'FID_INPUT_ISCD', ...(options.params ?? [])],
    answer(params, nowMs) {
      if (!['J', 'NX', 'UN'].includes(params.get('FID_COND_MRKT_DIV_CODE') ?? '')) return uapiRefusal('OPSQ2001');
      const code = params.get('FID_INPUT_ISCD') ?? '';
      if (!/^Q?[0-9A-Z]{6}$/.test(code)) return uapiRefusal('MCA05918');
      const refusal = options.check?.(params);
      if (refusal) return refusal;

      const stock = market.find(code);
      const shown = stock ?? market.find(market.symbols[0]?.code ?? '');
      if (!shown) return uapiRefusal('MCA05918');
      const outputs = options.outputs(shown, market.quote(shown, nowMs), params, nowMs);
      return uapiReply(stock ? outputs : emptied(outputs, code));
    },
  };
}

/** KIS's answer to a code that it does not know: the same fields with nothing in them. */
function emptied(outputs: Outputs, code: string): Outputs {
  const isNumber = (value: string): boolean => /^-?[\d.,]+$/.test(value);
  const empty = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        name === 'stck_shrn_iscd' ? code : isNumber(value) ? '0' : '',
      ]),
    );
  return Object.fromEntries(
    Object.entries(outputs).map(([name, block]) => [name, Array.isArray(block) ? [] : empty(block as Fields)]),
  );
}
