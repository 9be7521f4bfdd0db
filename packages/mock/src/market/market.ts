import { dayOf, koreanTime } from './calendar.ts';
import { type ChartRange, chartOf } from './chart.ts';
import { createExtremes, type Extremes } from './extremes.ts';
import { KRX } from './krx.ts';
import { type MinuteRange, minutesOf } from './minutes.ts';
import { hash, unit } from './noise.ts';
import type { Candle, MinuteBar } from './session.ts';
import { beforeSplit } from './split.ts';
import { createSymbols, type FakeSymbol } from './symbols.ts';
import { lastStep, sessionBefore, stepAt } from './venue.ts';
import { createWalk, type Walk } from './walk.ts';

/** Stock splits that the original (not adjusted) prices of the charts show. */
const SPLITS: Readonly<Record<string, readonly [day: string, ratio: number]>> = {
  '005930': ['20180504', 50],
  '035420': ['20181012', 5],
  '035720': ['20210415', 5],
};

/** A listed stock with its prices. */
export interface Stock {
  readonly symbol: FakeSymbol;
  /** Of this stock alone, for what is drawn beside its prices. */
  readonly seed: number;
  readonly walk: Walk;
  readonly extremes: Extremes;
}

/** One stock at one moment. Everything that the endpoints tell is computed from this, so they agree. */
export interface Quote {
  readonly phase: 'before' | 'open' | 'closed';
  /** Steps of five seconds since the open. */
  readonly step: number;
  /** Korean time of the day, not past 16:00 and fixed there on days without a session. */
  readonly ofDayMs: number;
  /** The session so far, or the last one; undefined before the open. */
  readonly candle: Candle | undefined;
  /** The session before that. */
  readonly previous: Candle;
  readonly day: number;
  readonly price: number;
  readonly basePrice: number;
  readonly upperLimit: number;
  readonly lowerLimit: number;
}

export interface Market {
  readonly symbols: readonly FakeSymbol[];
  find(code: string): Stock | undefined;
  quote(stock: Stock, nowMs: number): Quote;
  /** Newest first; a period bears the date of its first session. `original`: prices as they were traded then, before splits. */
  chart(
    stock: Stock,
    nowMs: number,
    range: Omit<ChartRange, 'until'> & { readonly original: boolean },
  ): readonly Candle[];
  /** Newest first; nothing that has not begun. */
  minutes(stock: Stock, nowMs: number, range: Omit<MinuteRange, 'minutes' | 'until'>): readonly MinuteBar[];
}

/** A market whose every number follows from the seed and the time. */
export function createMarket(options: { readonly symbols: number; readonly seed: number }): Market {
  const symbols = createSymbols(options.symbols);
  const stocks = new Map<string, Stock>();
  for (const [index, symbol] of symbols.entries()) {
    const seed = hash(options.seed, index, 0);
    const usualVolume = symbol.listedShares * (0.001 + 0.008 * unit(seed, 0, 2) ** 2);
    const walk = createWalk({ usualPrice: symbol.usualPrice, usualVolume, seed, venue: KRX });
    stocks.set(symbol.code, { symbol, seed, walk, extremes: createExtremes(walk, KRX) });
  }

  return {
    symbols,
    find: (code) => stocks.get(code),

    quote({ walk }, nowMs) {
      const { day: today, ofDayMs } = koreanTime(nowMs);
      const isSession = KRX.isSession(today);
      const day = isSession ? today : sessionBefore(KRX, today);
      const step = isSession ? stepAt(KRX, ofDayMs) : lastStep(KRX);
      const candle = step < 0 ? undefined : walk.candle(day, step);
      const previous = walk.candle(sessionBefore(KRX, day));
      const basePrice = previous.closePrice;
      const { upper, lower } = KRX.limits(basePrice);
      return {
        phase: step < 0 ? 'before' : step < lastStep(KRX) ? 'open' : 'closed',
        step: Math.max(0, step),
        ofDayMs: isSession ? Math.min(ofDayMs, 16 * 3_600_000) : 16 * 3_600_000,
        candle,
        previous,
        day,
        price: candle?.closePrice ?? basePrice,
        basePrice,
        upperLimit: upper,
        lowerLimit: lower,
      };
    },

    chart({ symbol, walk }, nowMs, { original, ...range }) {
      const split = SPLITS[symbol.code];
      const [splitDay, ratio] = original && split ? [dayOf(split[0]) ?? 0, split[1]] : [0, 1];
      const printed = (day: number, step: number): Candle => {
        const candle = walk.candle(day, step);
        return day < splitDay ? beforeSplit(candle, ratio, KRX) : candle;
      };
      return chartOf(printed, KRX, { ...range, until: koreanTime(nowMs) });
    },

    minutes: ({ walk }, nowMs, range) => minutesOf(walk, KRX, { ...range, minutes: 1, until: koreanTime(nowMs) }),
  };
}
