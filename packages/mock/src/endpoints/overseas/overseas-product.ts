import { hash } from '../../market/noise.ts';
import { checkDigit } from '../../market/standard-code.ts';
import type { OverseasMarket, OverseasStock } from '../../overseas/overseas-market.ts';
import { type Reply, uapiRefusal } from '../../reply.ts';
import type { Params } from '../endpoint.ts';
import { EXCHANGE_NAMES, type ExchangeNames } from './exchange-names.ts';

/** What is listed abroad, with the names of the market that was asked. */
export interface OverseasProduct {
  readonly stock: OverseasStock;
  readonly names: ExchangeNames;
}

/** The product that `PDNO` names, or the refusal; undefined where `PRDT_TYPE_CD` is that of no market abroad. */
export function findOverseasProduct(market: OverseasMarket, params: Params): OverseasProduct | Reply | undefined {
  const names = EXCHANGE_NAMES.find(({ productType }) => productType === params.get('PRDT_TYPE_CD'));
  if (!names) return undefined;
  const stock = names.isForeignCurrency ? undefined : market.find(names.exchange, params.get('PDNO') ?? '');
  return stock ? { stock, names } : uapiRefusal('KIER2620');
}

/** Well-formed, and invented. KIS: `std_pdno`. */
export function isinOf({ exchange, seed }: OverseasStock): string {
  const body = exchange.country + String(hash(seed, 2, 0) % 1_000_000_000).padStart(9, '0');
  return `${body}${checkDigit(body)}`;
}
