import { dayOf, koreanTime, type Period } from '../market/calendar.ts';
import { chartOf, type LocalTime } from '../market/chart.ts';
import { createExtremes, type Extremes } from '../market/extremes.ts';
import { type MinuteRange, minutesOf } from '../market/minutes.ts';
import { hash, unit } from '../market/noise.ts';
import type { Candle, MinuteBar } from '../market/session.ts';
import { beforeSplit } from '../market/split.ts';
import { lastStep, sessionBefore, stepAt } from '../market/venue.ts';
import { createWalk, type Walk } from '../market/walk.ts';
import { wonRate } from './exchange-rates.ts';
import { type Currency, createExchanges, type Exchange } from './exchanges.ts';
import { createOverseasSymbols, type OverseasSymbol } from './symbols.ts';
import { localTime } from './zone.ts';

/** A new session is announced so long before it opens; until then the last one stands. */
const ANNOUNCED_MS = 3_600_000;

/** What is listed abroad, with its prices: integers, of which `exchange.decimals` are behind the point. */
export interface OverseasStock {
  readonly symbol: OverseasSymbol;
  readonly exchange: Exchange;
  /** Of this stock alone, for what is drawn beside its prices. */
  readonly seed: number;
  readonly walk: Walk;
  readonly extremes: Extremes;
}

/** One stock at one moment. Everything that the endpoints tell is computed from this, so they agree. */
export interface OverseasQuote {
  readonly phase: 'before' | 'open' | 'closed';
  readonly day: number;
  /** Steps of five seconds since the open; -1 before it. */
  readonly step: number;
  /** The exchange's own, not past the close. */
  readonly time: LocalTime;
  /** The session so far, or the last one; undefined before the open. */
  readonly candle: Candle | undefined;
  /** The session before that. */
  readonly previous: Candle;
  readonly price: number;
  readonly basePrice: number;
}

interface OverseasChartRange {
  /** Undefined: today. */
  readonly toDay: number | undefined;
  readonly period: Period;
  readonly maxRows: number;
  /** Prices as they were traded then, before a split. */
  readonly original: boolean;
}

/** Exchanges abroad, in which every number follows from the seed and the time. */
export interface OverseasMarket {
  readonly symbols: readonly OverseasSymbol[];
  readonly exchanges: ReadonlyMap<string, Exchange>;
  find(exchange: string, symbol: string): OverseasStock | undefined;
  quote(stock: OverseasStock, nowMs: number): OverseasQuote;
  /** Newest first, back to the listing; a period bears the date of its first session. */
  chart(stock: OverseasStock, nowMs: number, range: OverseasChartRange): readonly Candle[];
  /** Newest first; nothing that has not begun. `to` undefined: the newest there is. */
  bars(
    stock: OverseasStock,
    nowMs: number,
    range: Omit<MinuteRange, 'until' | 'to'> & { readonly to: LocalTime | undefined },
  ): readonly MinuteBar[];
  /** What one unit of the currency costs, with two decimals. */
  wonRate(currency: Currency, nowMs: number): number;
}

export function createOverseasMarket({ seed }: { readonly seed: number }): OverseasMarket {
  const symbols = createOverseasSymbols();
  const exchanges = createExchanges();
  const stocks = new Map<string, OverseasStock>();
  for (const [index, symbol] of symbols.entries()) {
    const exchange = exchanges.get(symbol.exchange);
    if (exchange) stocks.set(`${exchange.code} ${symbol.symbol}`, createStock(symbol, exchange, hash(seed, index, 1)));
  }
  /** Where it is delayed, now is a while ago. */
  const timeAt = ({ exchange }: OverseasStock, nowMs: number): LocalTime =>
    localTime(exchange.zone, nowMs - exchange.delayMs);

  return {
    symbols,
    exchanges,
    find: (exchange, symbol) => stocks.get(`${exchange} ${symbol}`),
    quote: (stock, nowMs) => quoteAt(stock, timeAt(stock, nowMs)),

    chart(stock, nowMs, { toDay, original, ...range }) {
      const { symbol, exchange, walk } = stock;
      const until = timeAt(stock, nowMs);
      const splitDay = (original && symbol.split && dayOf(symbol.split[0])) || 0;
      const printed = (day: number, step: number): Candle => {
        const candle = walk.candle(day, step);
        return day < splitDay && symbol.split ? beforeSplit(candle, symbol.split[1], exchange.venue) : candle;
      };
      const fromDay = dayOf(symbol.listedOn) ?? 0;
      return chartOf(printed, exchange.venue, { ...range, fromDay, toDay: toDay ?? until.day, until });
    },

    bars(stock, nowMs, { to, ...range }) {
      const until = timeAt(stock, nowMs);
      return minutesOf(stock.walk, stock.exchange.venue, { ...range, to: to ?? until, until });
    },

    wonRate: (currency, nowMs) => wonRate(seed, currency, koreanTime(nowMs).day),
  };
}

function createStock(symbol: OverseasSymbol, exchange: Exchange, seed: number): OverseasStock {
  const { venue, decimals, liveliness } = exchange;
  const walk = createWalk({
    usualPrice: symbol.usualPrice * 10 ** decimals,
    usualVolume: symbol.listedShares * (0.001 + 0.008 * unit(seed, 0, 2) ** 2),
    seed,
    venue,
    liveliness,
  });
  return { symbol, exchange, seed, walk, extremes: createExtremes(walk, venue) };
}

function quoteAt({ exchange, walk }: OverseasStock, now: LocalTime): OverseasQuote {
  const { venue } = exchange;
  const isToday = venue.isSession(now.day) && now.ofDayMs >= venue.openMs - ANNOUNCED_MS;
  const day = isToday ? now.day : sessionBefore(venue, now.day);
  const step = isToday ? stepAt(venue, now.ofDayMs) : lastStep(venue);
  const candle = step < 0 ? undefined : walk.candle(day, step);
  const previous = walk.candle(sessionBefore(venue, day));
  const closeMs = venue.openMs + venue.closeMinute * 60_000;
  return {
    phase: step < 0 ? 'before' : step < lastStep(venue) ? 'open' : 'closed',
    day,
    step: Math.max(-1, step),
    time: { day, ofDayMs: isToday ? Math.min(now.ofDayMs, closeMs) : closeMs },
    candle,
    previous,
    price: candle?.closePrice ?? previous.closePrice,
    basePrice: previous.closePrice,
  };
}
