import type { Quote } from '../market/market.ts';

/** A whole number as KIS writes it: `-` but no `+`. */
export function whole(value: number): string {
  return String(Math.round(value) + 0);
}

/** Two decimals, or so many; a small negative number is `0.00`, not `-0.00`. */
export function decimal(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** By how many percent `value` lies above `base`. */
export function percentAbove(value: number, base: number): string {
  return base === 0 ? '0.00' : decimal(((value - base) / base) * 100);
}

/** KIS: `prdy_vrss_sign`. 1 upper limit, 2 up, 3 unchanged, 4 lower limit, 5 down. */
export function signOf(change: number): string {
  return change > 0 ? '2' : change < 0 ? '5' : '3';
}

/** The sign of a price of today, which may stand at a limit. */
export function signToday(price: number, quote: Quote): string {
  if (price >= quote.upperLimit) return '1';
  if (price <= quote.lowerLimit) return '4';
  return signOf(price - quote.basePrice);
}

/** HHMMSS. */
export function timeOfDay(ofDayMs: number): string {
  return new Date(ofDayMs).toISOString().slice(11, 19).replaceAll(':', '');
}
