import type { Indices, StockIndex } from '../../market/indices.ts';
import type { Market, Quote } from '../../market/market.ts';
import { type Reply, uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint, Question } from '../endpoint.ts';
import { emptied, type Outputs } from '../outputs.ts';

export interface IndexEndpointOptions {
  readonly path: string;
  readonly trId: string;
  /** Default: both. */
  readonly hosts?: 'real alone';
  /** Beyond the market and the code. */
  readonly params?: readonly string[];
  /** Refuses what cannot be asked. */
  readonly check?: (question: Question) => Reply | undefined;
  readonly outputs: (index: StockIndex, quote: Quote, question: Question) => Outputs;
}

/** Where nothing is known of a code, the fields of this one stand with nothing in them. */
const ANY = '0001';

/** An endpoint about one index, with the ways in which all of these refuse a code. KIS: the market is `U`. */
export function createIndexEndpoint(market: Market, indices: Indices, options: IndexEndpointOptions): Endpoint {
  const { trId, hosts } = options;
  return {
    method: 'GET',
    path: options.path,
    trIds: { real: [trId], virtual: hosts === 'real alone' ? [] : [trId] },
    params: ['FID_COND_MRKT_DIV_CODE', 'FID_INPUT_ISCD', ...(options.params ?? [])],
    answer(question) {
      const { params, nowMs } = question;
      if (params.get('FID_COND_MRKT_DIV_CODE') !== 'U') return uapiRefusal('OPSQ2001');
      const code = params.get('FID_INPUT_ISCD') ?? '';
      if (!/^\d{4}$/.test(code)) return uapiRefusal('MCA05918');
      const refusal = options.check?.(question);
      if (refusal) return refusal;

      const index = indices.find(code);
      const shown = index ?? indices.find(ANY);
      if (!shown) return uapiRefusal('MCA05918');
      const outputs = options.outputs(shown, market.quote(shown, nowMs), question);
      return uapiReply(index ? outputs : emptied(outputs, code));
    },
  };
}
