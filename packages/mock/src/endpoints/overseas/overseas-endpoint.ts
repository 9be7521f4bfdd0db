import type { OverseasMarket, OverseasQuote, OverseasStock } from '../../overseas/overseas-market.ts';
import { invalidParam, isReply, type Reply, uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint, Params, Question } from '../endpoint.ts';
import type { Fields, Outputs } from '../outputs.ts';

/** What is asked about one stock abroad. */
interface OverseasQuestion extends Question {
  /** KIS: `rsym`. */
  readonly rsym: string;
  /** Whether the code is that of an American exchange's day in Korea. KIS: 주간거래. */
  readonly isDayMarket: boolean;
}

/** `Asked` is what its own parameters say. */
interface OverseasEndpointOptions<Asked extends object> {
  /** What comes after `/uapi/overseas-price/v1/quotations/`. */
  readonly name: string;
  readonly trId: string;
  /** Default: both. */
  readonly hosts?: 'real alone' | undefined;
  /** Beside AUTH, EXCD and SYMB. */
  readonly params?: readonly string[] | undefined;
  /** What they say, or the refusal of what cannot be asked. Default: they say nothing. */
  readonly read?: (params: Params) => Asked | Reply;
  readonly outputs: (stock: OverseasStock, quote: OverseasQuote, asked: Asked, question: OverseasQuestion) => Outputs;
}

/** American exchanges by the codes of their day in Korea: here they give the same prices. */
const DAY_MARKETS: ReadonlyMap<string, string> = new Map([
  ['BAY', 'NYS'],
  ['BAQ', 'NAS'],
  ['BAA', 'AMS'],
]);

/** Of Shanghai's and Shenzhen's indices, of which none is known here. */
const INDEX_MARKETS: readonly string[] = ['SHI', 'SZI'];

const MAX_SYMBOL_LENGTH = 16;

/** An endpoint about one stock abroad. A symbol that is not known gets the same fields with nothing in them but `rsym`. */
export function createOverseasEndpoint<Asked extends object = object>(
  market: OverseasMarket,
  options: OverseasEndpointOptions<Asked>,
): Endpoint {
  const { trId, hosts, params: ownParams = [], read = () => ({}) as Asked, outputs } = options;
  const [anySymbol] = market.symbols;
  const anyStock = anySymbol && market.find(anySymbol.exchange, anySymbol.symbol);
  return {
    method: 'GET',
    path: `/uapi/overseas-price/v1/quotations/${options.name}`,
    trIds: { real: [trId], virtual: hosts === 'real alone' ? [] : [trId] },
    params: ['AUTH', 'EXCD', 'SYMB', ...ownParams],
    answer(question) {
      const code = question.params.get('EXCD') ?? '';
      const symbol = question.params.get('SYMB') ?? '';
      const exchange = DAY_MARKETS.get(code) ?? code;
      if (!market.exchanges.has(exchange) && !INDEX_MARKETS.includes(exchange)) return invalidParam('EXCD');
      if (symbol.length > MAX_SYMBOL_LENGTH) return uapiRefusal('OPSQ2002');
      const asked = read(question.params);
      if (isReply(asked)) return asked;

      const stock = market.find(exchange, symbol);
      const shown = stock ?? anyStock;
      if (!shown) return uapiRefusal('KIER2620');
      const rsym = `D${code}${symbol}`;
      const whole = { ...question, rsym, isDayMarket: exchange !== code };
      const answered = outputs(shown, market.quote(shown, question.nowMs), asked, whole);
      return uapiReply(stock ? answered : blank(answered, rsym));
    },
  };
}

function blank(outputs: Outputs, rsym: string): Outputs {
  const blankFields = (fields: Fields): Fields =>
    Object.fromEntries(Object.keys(fields).map((name) => [name, name === 'rsym' ? rsym : '']));
  return Object.fromEntries(
    Object.entries(outputs).map(([name, block]) => [name, Array.isArray(block) ? [] : blankFields(block as Fields)]),
  );
}
