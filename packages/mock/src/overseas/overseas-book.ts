import { type BookMoment, bookAt, type OrderBook } from '../market/order-book.ts';
import type { OverseasStock } from './overseas-market.ts';

/** The book of a stock abroad: as many levels as its exchange tells. */
export function overseasBook({ symbol, exchange, seed }: OverseasStock, moment: BookMoment): OrderBook {
  const { venue, bookLevels: levels } = exchange;
  const { lot, listedShares } = symbol;
  return bookAt({ venue, seed, levels, lot, usualLots: Math.max(1, listedShares / 2_000_000 / lot) }, moment);
}
