import { kindOf } from '../../market/kinds.ts';
import type { Market, Stock } from '../../market/market.ts';
import { romanized } from '../../market/romanized.ts';
import { standardCodeOf } from '../../market/standard-code.ts';
import type { FakeSymbol } from '../../market/symbols.ts';
import { invalidParam, type Reply, uapiRefusal } from '../../reply.ts';
import type { Params } from '../endpoint.ts';

/** The product that `PDNO` and `PRDT_TYPE_CD` name, or the refusal. Of all types only 300 is known here. */
export function findProduct(market: Market, params: Params): Stock | Reply {
  const type = params.get('PRDT_TYPE_CD') ?? '';
  if (!/^\d{3}$/.test(type)) return invalidParam('PRDT_TYPE_CD');
  const number = params.get('PDNO') ?? '';
  if (number === '' || number.length > 12) return uapiRefusal('OPSQ2002');
  return (type === '300' ? market.find(number) : undefined) ?? uapiRefusal('KIER2620');
}

/** KIS: `pdno`, 12 wide. */
export function productNumber({ code }: FakeSymbol): string {
  return (code.length === 6 ? `A${code}` : code).padStart(12, '0');
}

/** The names of a product beside its short one. */
export function productNames(symbol: FakeSymbol): {
  readonly full: string;
  readonly english: string;
  readonly standardCode: string;
} {
  return {
    full: kindOf(symbol) === 'ordinary' ? `${symbol.name}보통주` : symbol.name,
    english: romanized(symbol.name),
    standardCode: standardCodeOf(symbol),
  };
}
