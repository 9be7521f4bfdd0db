import type { Market, Quote, Stock } from '../../market/market.ts';
import type { FakeSymbol } from '../../market/symbols.ts';
import { type Reply, uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint, Question } from '../endpoint.ts';
import { emptied, type Outputs } from '../outputs.ts';

export interface StockEndpointOptions {
  readonly path: string;
  readonly trId: string;
  /** Default: both. */
  readonly hosts?: 'real alone';
  /** Default: every listed stock. */
  readonly knows?: (symbol: FakeSymbol) => boolean;
  /** Beyond the market and the code. */
  readonly params?: readonly string[];
  /** Refuses what cannot be asked. */
  readonly check?: (question: Question) => Reply | undefined;
  readonly outputs: (stock: Stock, quote: Quote, question: Question) => Outputs;
}

/** An endpoint about one stock, with the ways in which all of these refuse a code. */
export function createStockEndpoint(market: Market, options: StockEndpointOptions): Endpoint {
  const { trId, hosts } = options;
  return {
    method: 'GET',
    path: options.path,
    trIds: { real: [trId], virtual: hosts === 'real alone' ? [] : [trId] },
    params: ['FID_COND_MRKT_DIV_CODE', 'FID_INPUT_ISCD', ...(options.params ?? [])],
    answer(question) {
      const { params, nowMs } = question;
      if (!isVenue(params.get('FID_COND_MRKT_DIV_CODE'))) return uapiRefusal('OPSQ2001');
      const code = params.get('FID_INPUT_ISCD') ?? '';
      if (!isStockCode(code)) return uapiRefusal('MCA05918');
      const refusal = options.check?.(question);
      if (refusal) return refusal;

      const stock = market.find(code);
      const shown = stock ?? market.find(market.symbols[0]?.code ?? '');
      if (!shown) return uapiRefusal('MCA05918');
      const outputs = options.outputs(shown, market.quote(shown, nowMs), question);
      const isKnown = stock !== undefined && (options.knows?.(stock.symbol) ?? true);
      return uapiReply(isKnown ? outputs : emptied(outputs, code));
    },
  };
}

/** KIS: `J` the exchange, `NX` Nextrade, `UN` both. */
export function isVenue(text: string | undefined): boolean {
  return text === 'J' || text === 'NX' || text === 'UN';
}

function isStockCode(text: string): boolean {
  return /^Q?[0-9A-Z]{6}$/.test(text);
}
