import { isRowOfMany } from '../batch/multi-price.ts';
import type { CurrentPrice } from '../current-price.ts';

/** Under which a price is kept. One that came thirty to a call has less, and must not stand in for a whole one. */
export function priceName(stockCode: string, price: CurrentPrice): string {
  return isRowOfMany(price) ? rowName(stockCode) : stockCode;
}

/** Under which either is. */
export function priceNames(stockCode: string): readonly [string, string] {
  return [stockCode, rowName(stockCode)];
}

function rowName(stockCode: string): string {
  return `${stockCode}:row`;
}
