import type { Quote } from '../../../src/live/events.ts';
import type { Candle } from './candle.ts';

export type Period = '5m' | 'day' | 'week' | 'month';

const FIVE_MINUTES_MS = 300_000;

/**
 * The candles (newest first) after a later `quote`: the newest one takes its price, and within the day a new one begins
 * where five minutes are over. Without a trade since `before` they stay as they are, as after the close.
 */
export function followQuote(
  candles: readonly Candle[],
  { quote, before, period }: { readonly quote: Quote; readonly before: Quote | undefined; readonly period: Period },
): readonly Candle[] {
  const [newest, ...older] = candles;
  const traded = before === undefined ? 0 : quote.volume - before.volume;
  if (newest === undefined || traded <= 0) return candles;
  const price = quote.currentPrice;
  const startMs = Math.floor(quote.timestampMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  if (period === '5m' && startMs > newest.startMs) {
    const flat = { openPrice: price, highPrice: price, lowPrice: price, closePrice: price };
    return [{ date: newest.date, startMs, ...flat, volume: traded }, ...candles];
  }
  const followed = {
    ...newest,
    highPrice: Math.max(newest.highPrice, price),
    lowPrice: Math.min(newest.lowPrice, price),
    closePrice: price,
    volume: period === 'day' ? quote.volume : newest.volume + traded,
  };
  return [followed, ...older];
}
