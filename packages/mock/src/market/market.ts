import {
  dateOf,
  dayOf,
  FIRST_DAY,
  isSession,
  koreanTime,
  nextPeriodStart,
  type Period,
  periodStart,
  sessionBefore,
} from './calendar.ts';
import { createExtremes, type Extremes } from './extremes.ts';
import { hash } from './noise.ts';
import { createSymbols, type FakeSymbol } from './symbols.ts';
import { priceLimits, tickNear } from './ticks.ts';
import { type Candle, createWalk, STEPS, type Walk } from './walk.ts';

const OPEN_MS = 9 * 3_600_000;
const CLOSE_MS = OPEN_MS + 390 * 60_000;
const STEP_MS = (CLOSE_MS - OPEN_MS) / STEPS;

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

interface ChartRange {
  readonly fromDay: number;
  readonly toDay: number;
  readonly period: Period;
  /** Prices as they were traded then, before splits. */
  readonly original: boolean;
  readonly maxRows: number;
}

export interface Market {
  readonly symbols: readonly FakeSymbol[];
  find(code: string): Stock | undefined;
  quote(stock: Stock, nowMs: number): Quote;
  /** Newest first; a period bears the date of its first session. */
  chart(stock: Stock, nowMs: number, range: ChartRange): readonly Candle[];
}

/** A market whose every number follows from the seed and the time. */
export function createMarket(options: { readonly symbols: number; readonly seed: number }): Market {
  const symbols = createSymbols(options.symbols);
  const stocks = new Map<string, Stock>();
  for (const [index, symbol] of symbols.entries()) {
    const seed = hash(options.seed, index, 0);
    const walk = createWalk(symbol, seed);
    stocks.set(symbol.code, { symbol, seed, walk, extremes: createExtremes(walk) });
  }

  return {
    symbols,
    find: (code) => stocks.get(code),

    quote({ walk }, nowMs) {
      const { day: today, ofDayMs } = koreanTime(nowMs);
      const session = isSession(today);
      const day = session ? today : sessionBefore(today);
      const phase = session && ofDayMs < OPEN_MS ? 'before' : session && ofDayMs < CLOSE_MS ? 'open' : 'closed';
      const step = phase === 'before' ? 0 : phase === 'open' ? Math.floor((ofDayMs - OPEN_MS) / STEP_MS) : STEPS;
      const candle = phase === 'before' ? undefined : walk.candle(day, step);
      const previous = walk.candle(sessionBefore(day));
      const basePrice = previous.closePrice;
      const { upper, lower } = priceLimits(basePrice);
      return {
        phase,
        step,
        ofDayMs: session ? Math.min(ofDayMs, 16 * 3_600_000) : 16 * 3_600_000,
        candle,
        previous,
        day,
        price: candle?.closePrice ?? basePrice,
        basePrice,
        upperLimit: upper,
        lowerLimit: lower,
      };
    },

    chart({ symbol, walk }, nowMs, { fromDay, toDay, period, original, maxRows }) {
      const { day: today, ofDayMs } = koreanTime(nowMs);
      const lastDay = ofDayMs < OPEN_MS ? today - 1 : today;
      const todaysStep = ofDayMs < CLOSE_MS ? Math.floor((ofDayMs - OPEN_MS) / STEP_MS) : STEPS;
      const oldest = Math.max(fromDay, FIRST_DAY);
      const split = SPLITS[symbol.code];
      const [splitDay, ratio] = original && split ? [dayOf(split[0]) ?? 0, split[1]] : [0, 1];

      const rows: Candle[] = [];
      let start = periodStart(Math.min(toDay, lastDay), period);
      while (rows.length < maxRows && nextPeriodStart(start, period) > oldest) {
        const days: Candle[] = [];
        const end = Math.min(nextPeriodStart(start, period) - 1, lastDay);
        for (let day = Math.max(start, FIRST_DAY); day <= end; day++) {
          if (!isSession(day)) continue;
          const candle = walk.candle(day, day === today ? todaysStep : STEPS);
          days.push(day < splitDay ? beforeSplit(candle, ratio) : candle);
        }
        const row = merge(days);
        if (row && row.day >= oldest && row.day <= toDay) rows.push(row);
        start = periodStart(start - 1, period);
      }
      return rows;
    },
  };
}

/** The candle as it was printed before so many shares were made of one. */
function beforeSplit(candle: Candle, ratio: number): Candle {
  const price = (adjusted: number): number => tickNear(adjusted * ratio);
  return {
    ...candle,
    openPrice: price(candle.openPrice),
    highPrice: price(candle.highPrice),
    lowPrice: price(candle.lowPrice),
    closePrice: price(candle.closePrice),
    previousClose: price(candle.previousClose),
    volume: Math.floor(candle.volume / ratio),
  };
}

/** One candle of several, oldest first. */
function merge(days: readonly Candle[]): Candle | undefined {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last || first === last) return first;
  return {
    ...first,
    highPrice: Math.max(...days.map((candle) => candle.highPrice)),
    lowPrice: Math.min(...days.map((candle) => candle.lowPrice)),
    closePrice: last.closePrice,
    volume: days.reduce((sum, candle) => sum + candle.volume, 0),
    tradingValue: days.reduce((sum, candle) => sum + candle.tradingValue, 0),
  };
}

/** The date of a candle, `YYYYMMDD`. */
export function candleDate(candle: Candle): string {
  return dateOf(candle.day);
}
