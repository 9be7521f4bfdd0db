import type { Indices, StockIndex } from '../market/indices.ts';
import type { Market, Quote, Stock } from '../market/market.ts';
import type { FakeSymbol } from '../market/symbols.ts';
import { isReply, type Reply, uapiRefusal, uapiReply } from '../reply.ts';
import type { Endpoint, Params, Question } from './endpoint.ts';
import { emptied, type Outputs } from './outputs.ts';

/** An endpoint about something with a quote. `Asked` is what its own parameters say. */
interface QuoteEndpointOptions<Quoted, Asked extends object> {
  readonly path: string;
  readonly trId: string;
  /** Default: both. */
  readonly hosts?: 'real alone';
  /** Beyond the market and the code. */
  readonly params?: readonly string[];
  /** What they say, or the refusal of what cannot be asked. Default: they say nothing. */
  readonly read?: (params: Params) => Asked | Reply;
  readonly outputs: (quoted: Quoted, quote: Quote, asked: Asked, question: Question) => Outputs;
}

interface StockEndpointOptions<Asked extends object> extends QuoteEndpointOptions<Stock, Asked> {
  /** Default: every listed stock. */
  readonly knows?: (symbol: FakeSymbol) => boolean;
}

/** How the market and the code are read. */
interface Directory<Quoted> {
  isMarket(text: string | undefined): boolean;
  readonly codes: RegExp;
  find(code: string): Quoted | undefined;
  /** Where nothing is known of a code, the fields of this one stand with nothing in them. */
  readonly example: Quoted | undefined;
}

/** An endpoint about one stock. */
export function createStockEndpoint<Asked extends object = object>(
  market: Market,
  options: StockEndpointOptions<Asked>,
): Endpoint {
  const { knows = () => true } = options;
  const example = market.find(market.symbols[0]?.code ?? '');
  const find = (code: string): Stock | undefined => {
    const stock = market.find(code);
    return stock && knows(stock.symbol) ? stock : undefined;
  };
  return createQuoteEndpoint(market, { isMarket: isVenue, codes: /^Q?[0-9A-Z]{6}$/, find, example }, options);
}

/** An endpoint about one index. KIS: the market is `U`. */
export function createIndexEndpoint<Asked extends object = object>(
  market: Market,
  indices: Indices,
  options: QuoteEndpointOptions<StockIndex, Asked>,
): Endpoint {
  const isMarket = (text: string | undefined): boolean => text === 'U';
  const { find } = indices;
  return createQuoteEndpoint(market, { isMarket, codes: /^\d{4}$/, find, example: find('0001') }, options);
}

/** The ways in which all of these refuse a code. */
function createQuoteEndpoint<Quoted extends Stock, Asked extends object>(
  market: Market,
  { isMarket, codes, find, example }: Directory<Quoted>,
  options: QuoteEndpointOptions<Quoted, Asked>,
): Endpoint {
  const { path, trId, hosts, params: ownParams = [], read = () => ({}) as Asked, outputs } = options;
  return {
    method: 'GET',
    path,
    trIds: { real: [trId], virtual: hosts === 'real alone' ? [] : [trId] },
    params: ['FID_COND_MRKT_DIV_CODE', 'FID_INPUT_ISCD', ...ownParams],
    answer(question) {
      const { params, nowMs } = question;
      if (!isMarket(params.get('FID_COND_MRKT_DIV_CODE'))) return uapiRefusal('OPSQ2001');
      const code = params.get('FID_INPUT_ISCD') ?? '';
      if (!codes.test(code)) return uapiRefusal('MCA05918');
      const asked = read(params);
      if (isReply(asked)) return asked;

      const known = find(code);
      const shown = known ?? example;
      if (!shown) return uapiRefusal('MCA05918');
      const answered = outputs(shown, market.quote(shown, nowMs), asked, question);
      return uapiReply(known ? answered : emptied(answered, code));
    },
  };
}

/** KIS: `J` the exchange, `NX` Nextrade, `UN` both. */
export function isVenue(text: string | undefined): boolean {
  return text === 'J' || text === 'NX' || text === 'UN';
}
