import { KRX } from './krx.ts';
import type { Quote, Stock } from './market.ts';
import { unit } from './noise.ts';
import { lastStep, type Venue } from './venue.ts';

/** One side's n-th best price with what is waiting there; zeros beyond the day's limit. */
export interface Level {
  readonly price: number;
  readonly volume: number;
  /** Against the step before. */
  readonly volumeChange: number;
}

export interface OrderBook {
  /** Ten levels each, best first. */
  readonly asks: readonly Level[];
  readonly bids: readonly Level[];
}

/** At which step of which session the last price was this one. */
export interface BookMoment {
  readonly day: number;
  /** Negative before the open: the book is empty. */
  readonly step: number;
  readonly price: number;
  /** The close of the session before, from which the day's limits are. */
  readonly basePrice: number;
}

/** What is settled about a book before its session begins. */
export interface BookPlan {
  readonly venue: Venue;
  readonly seed: number;
  /** How many levels are told; the others are zeros. */
  readonly levels: number;
  /** How many shares are traded at once. */
  readonly lot: number;
  /** What usually waits at a level, in lots. */
  readonly usualLots: number;
}

const LEVELS = 10;
const EMPTY: Level = { price: 0, volume: 0, volumeChange: 0 };

/** The book of a stock at home. */
export function orderBook({ symbol, seed }: Stock, quote: Quote): OrderBook {
  const usualLots = Math.max(20, symbol.listedShares / 20_000);
  const step = quote.phase === 'before' ? -1 : quote.step;
  return bookAt({ venue: KRX, seed, levels: LEVELS, lot: 1, usualLots }, { ...quote, step });
}

/** Best bid and best ask are one step of prices apart, and the last price is one of them. */
export function bookAt(plan: BookPlan, { day, step, price, basePrice }: BookMoment): OrderBook {
  const { venue, levels, lot, usualLots } = plan;
  const { upper, lower } = venue.limits(basePrice);
  const draw = (at: number, n: number): number => unit(plan.seed ^ day, at, n);
  const volumeOf = (at: number, side: number, level: number): number =>
    lot * Math.ceil(usualLots * (0.2 + level / 10) * (0.3 + draw(at, side * 16 + level)));
  const isMoving = step > 0 && step < lastStep(venue);

  const side = (sideNumber: number, best: number, next: (price: number) => number): readonly Level[] => {
    let at = best;
    return Array.from({ length: LEVELS }, (_, level) => {
      const levelPrice = at;
      at = next(at);
      const isWithin = levelPrice > 0 && levelPrice >= lower && levelPrice <= upper;
      if (step < 0 || level >= levels || !isWithin) return EMPTY;
      const volume = volumeOf(step, sideNumber, level);
      const volumeChange = isMoving ? volume - volumeOf(step - 1, sideNumber, level) : 0;
      return { price: levelPrice, volume, volumeChange };
    });
  };
  const above = (from: number): number => venue.tickUp(from + 1);
  const below = (from: number): number => venue.tickDown(from - 1);
  const bestBid = draw(step, 8) < 0.5 ? below(price) : price;
  return { asks: side(1, above(bestBid), above), bids: side(2, bestBid, below) };
}

/** Of all levels of a side. */
export function totalOf(levels: readonly Level[], of: 'volume' | 'volumeChange'): number {
  return levels.reduce((sum, level) => sum + level[of], 0);
}
