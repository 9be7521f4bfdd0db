import type { StockIndex } from '../../market/indices.ts';
import type { Quote } from '../../market/market.ts';
import { unit } from '../../market/noise.ts';
import type { Candle } from '../../market/session.ts';
import { decimal, whole } from '../format.ts';

/** Hundredths of a point as points. */
export function points(hundredths: number): string {
  return decimal(hundredths / 100);
}

/** In thousands of shares, as KIS counts for indices. */
export function indexVolume(candle: Candle | undefined): string {
  return whole((candle?.volume ?? 0) / 1_000);
}

/** Won in millions, as KIS counts for indices. */
export function millions(won: number): string {
  return whole(won / 1_000_000);
}

/** What waits in the books of its stocks, in thousands of shares; nothing before the open. */
export function indexWaiting(
  { seed }: StockIndex,
  { candle, previous, day, step }: Quote,
): { readonly asked: number; readonly bid: number } {
  const usual = candle ? previous.volume / 20_000 : 0;
  const waiting = (n: number): number => Math.round(usual * (0.7 + 0.6 * unit(seed ^ day, step, n)));
  return { asked: waiting(15), bid: waiting(16) };
}
