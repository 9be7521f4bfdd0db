import { unit } from '../market/noise.ts';
import type { Level, OrderBook } from '../market/order-book.ts';
import { lastStep } from '../market/venue.ts';
import type { OverseasStock } from './overseas-market.ts';

const EMPTY: Level = { price: 0, volume: 0, volumeChange: 0 };

/** At which step of which session the last price was this one. */
export interface BookMoment {
  readonly day: number;
  /** Negative before the open: the book is empty. */
  readonly step: number;
  readonly price: number;
  /** The close of the session before, from which the day's limits are. */
  readonly basePrice: number;
}

/** As many levels as the exchange tells, then zeros. Best bid and best ask are one step of prices apart, and the last price is one of them. */
export function overseasBook(stock: OverseasStock, { day, step, price, basePrice }: BookMoment): OrderBook {
  const { symbol, exchange, seed } = stock;
  const { venue, bookLevels } = exchange;
  const { upper, lower } = venue.limits(basePrice);
  const usual = Math.max(1, symbol.listedShares / 2_000_000 / symbol.lot);
  const volumeOf = (at: number, side: number, level: number): number =>
    symbol.lot * Math.ceil(usual * (0.2 + level / 10) * (0.3 + unit(seed ^ day, at, side * 16 + level)));
  const above = (from: number): number => venue.tickUp(from + 1);
  const below = (from: number): number => venue.tickDown(from - 1);

  const bestBid = unit(seed ^ day, step, 8) < 0.5 ? below(price) : price;
  const side = (sideNumber: number, best: number, next: (price: number) => number): readonly Level[] => {
    let at = best;
    return Array.from({ length: 10 }, (_, level) => {
      const levelPrice = at;
      at = next(at);
      const isWithin = levelPrice > 0 && levelPrice >= lower && levelPrice <= upper;
      if (step < 0 || level >= bookLevels || !isWithin) return EMPTY;
      const volume = volumeOf(step, sideNumber, level);
      const wasMoving = step > 0 && step < lastStep(venue);
      return {
        price: levelPrice,
        volume,
        volumeChange: wasMoving ? volume - volumeOf(step - 1, sideNumber, level) : 0,
      };
    });
  };
  return { asks: side(1, above(bestBid), above), bids: side(2, bestBid, below) };
}
