import { readBlock } from '../blocks.ts';
import { checkOneOf } from '../check.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { readChange } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import type { KisBody, KisReply } from '../transport.ts';
import { createUnknownError, isNothing } from '../unknown-stock.ts';
import {
  checkSymbol,
  exchangesOf,
  type OverseasCountry,
  type OverseasExchange,
  type OverseasStock,
  stockParams,
} from './exchanges.ts';
import { readDecimalPlaces } from './overseas-price.ts';

/** What is known of a stock abroad; prices in its currency, 15 minutes old in Asia. */
export interface OverseasPriceDetail extends OverseasStock {
  /** Such as `'USD'`. KIS: `curr`. */
  readonly currency: string;
  /** KIS: `last`. */
  readonly currentPrice: number;
  /** KIS: `base`. */
  readonly previousClose: number;
  /** `currentPrice` less `previousClose`: KIS tells the change in won only. */
  readonly changePrice: number;
  /** Percent. KIS: `t_xrat`. */
  readonly changeRate: number;
  /** How many digits a price has behind its point. KIS: `zdiv`. */
  readonly decimalPlaces: number;
  /** 0 before the first trade of the day. KIS: `open`. */
  readonly openPrice: number;
  /** 0 before the first trade of the day. KIS: `high`. */
  readonly highPrice: number;
  /** 0 before the first trade of the day. KIS: `low`. */
  readonly lowPrice: number;
  /** Shares. KIS: `tvol`. */
  readonly volume: number;
  /** KIS: `tamt`. */
  readonly tradingValue: number;
  /** Highest in 52 weeks. KIS: `h52p`. */
  readonly yearHighPrice?: number | undefined;
  /** Lowest in 52 weeks. KIS: `l52p`. */
  readonly yearLowPrice?: number | undefined;
  /** KIS: `tomv`. */
  readonly marketCap?: number | undefined;
  /** KIS: `shar`. */
  readonly listedShares?: number | undefined;
  /** KIS: `perx`. */
  readonly per?: number | undefined;
  /** KIS: `pbrx`. */
  readonly pbr?: number | undefined;
  /** KIS: `epsx`. */
  readonly eps?: number | undefined;
  /** KIS: `bpsx`. */
  readonly bps?: number | undefined;
  /** How many shares are traded at once. KIS: `vnit`. */
  readonly lotSize?: number | undefined;
  /** In Korean. KIS: `e_icod`. */
  readonly sector?: string | undefined;
  /** The price in won. KIS: `t_xprc`. */
  readonly wonPrice?: number | undefined;
  /** Won for one of its currency. KIS: `t_rate`. */
  readonly wonRate?: number | undefined;
  /** When KIS answered: it does not say when the price was made. */
  readonly timestampMs: number;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

export interface OverseasCountryOptions extends CallOptions {
  /** Whose exchanges are tried one by one. */
  readonly country: OverseasCountry;
}

export type GetOverseasPriceDetail = (symbol: string, options: OverseasCountryOptions) => Promise<OverseasPriceDetail>;

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/overseas-price/v1/quotations/price-detail',
  trId: { real: 'HHDFS76200200' },
};

const countries: readonly OverseasCountry[] = ['US', 'HK', 'JP', 'CN', 'VN'];

/** How many symbols are remembered: more than one country lists. */
const mostFound = 20_000;

/** Remembers where a symbol was found, so that the next call about it is one call. */
export function createOverseasPriceDetail(request: Request): GetOverseasPriceDetail {
  const found = new Map<string, OverseasExchange>();

  function remember(key: string, exchange: OverseasExchange): void {
    const [oldest] = found.keys();
    if (oldest !== undefined && found.size >= mostFound && !found.has(key)) found.delete(oldest);
    found.set(key, exchange);
  }

  return async (given, { country, signal }) => {
    const symbol = checkSymbol(given);
    const exchanges = exchangesOf[checkOneOf('country', country, countries)];
    const key = `${country} ${symbol}`;
    const known = found.get(key);
    let answer: KisReply | undefined;
    for (const exchange of new Set(known === undefined ? exchanges : [known, ...exchanges])) {
      answer = await request(endpoint, stockParams({ exchange, symbol }), { signal });
      if (isNothing(readBlock(answer, 'output'), 'last')) continue;
      remember(key, exchange);
      return readDetail(answer, { exchange, symbol });
    }
    found.delete(key);
    throw createUnknownError(`stock ${symbol} on ${exchanges.join(', ')}`, answer as KisReply);
  };
}

function readDetail(reply: KisReply, stock: OverseasStock): OverseasPriceDetail {
  const fields = readBlock(reply, 'output');
  const decimalPlaces = readDecimalPlaces(fields);
  const [currentPrice, previousClose] = [fields.number('last'), fields.number('base')];
  const unit = 10 ** decimalPlaces;
  return {
    ...stock,
    currency: fields.text('curr'),
    currentPrice,
    previousClose,
    // Of whole units: the difference of two prices has more digits than either.
    changePrice: (Math.round(currentPrice * unit) - Math.round(previousClose * unit)) / unit,
    changeRate: readChange(fields, 't_xrat', 't_xsgn'),
    decimalPlaces,
    openPrice: fields.number('open'),
    highPrice: fields.number('high'),
    lowPrice: fields.number('low'),
    volume: fields.number('tvol'),
    tradingValue: fields.number('tamt'),
    yearHighPrice: fields.optionalNumber('h52p'),
    yearLowPrice: fields.optionalNumber('l52p'),
    marketCap: fields.optionalNumber('tomv'),
    listedShares: fields.optionalNumber('shar'),
    per: fields.optionalNumber('perx'),
    pbr: fields.optionalNumber('pbrx'),
    eps: fields.optionalNumber('epsx'),
    bps: fields.optionalNumber('bpsx'),
    lotSize: fields.optionalNumber('vnit'),
    sector: fields.optionalText('e_icod'),
    wonPrice: fields.optionalNumber('t_xprc'),
    wonRate: fields.optionalNumber('t_rate'),
    timestampMs: reply.dateMs,
    raw: reply.body,
  };
}
