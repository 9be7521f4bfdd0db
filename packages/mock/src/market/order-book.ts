import type { Quote, Stock } from './market.ts';
import { unit } from './noise.ts';
import { oneTickAbove, oneTickBelow } from './ticks.ts';

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

const EMPTY: Level = { price: 0, volume: 0, volumeChange: 0 };

/** Best bid and best ask are one tick apart, and the last price is one of them. Before the open the book is empty. */
export function orderBook({ symbol, seed }: Stock, quote: Quote): OrderBook {
  const { price, step, day, phase } = quote;
  const usual = Math.max(20, symbol.listedShares / 20_000);
  const volumeOf = (at: number, side: number, level: number): number =>
    Math.ceil(usual * (0.2 + level / 10) * (0.3 + unit(seed ^ day, at, side * 16 + level)));

  const bought = unit(seed ^ day, step, 8) < 0.5;
  const bestBid = bought ? oneTickBelow(price) : price;
  const side = (sideNumber: number, best: number, next: (price: number) => number): readonly Level[] => {
    let at = best;
    return Array.from({ length: 10 }, (_, level) => {
      const levelPrice = at;
      at = next(at);
      const isOpen = phase !== 'before' && levelPrice >= quote.lowerLimit && levelPrice <= quote.upperLimit;
      if (!isOpen) return EMPTY;
      const volume = volumeOf(step, sideNumber, level);
      return {
        price: levelPrice,
        volume,
        volumeChange: phase === 'open' && step > 0 ? volume - volumeOf(step - 1, sideNumber, level) : 0,
      };
    });
  };
  return { asks: side(1, oneTickAbove(bestBid), oneTickAbove), bids: side(2, bestBid, oneTickBelow) };
}
