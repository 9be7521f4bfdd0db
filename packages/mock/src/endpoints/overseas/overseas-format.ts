import { dateOf } from '../../market/calendar.ts';
import type { LocalTime } from '../../market/chart.ts';
import type { Exchange } from '../../overseas/exchanges.ts';
import type { OverseasQuote } from '../../overseas/overseas-market.ts';
import { signOf, timeOfDay } from '../format.ts';

/** A price with as many decimals as KIS's `zdiv` says; of a limit that there is not, zero. */
export function priceText(price: number, { decimals }: Exchange): string {
  return ((Number.isFinite(price) ? price : 0) / 10 ** decimals).toFixed(decimals);
}

/** A value in whole units of the currency. KIS: `tamt`, `eamt`. */
export function valueText(value: number, { decimals }: Exchange): string {
  return String(Math.floor(value / 10 ** decimals));
}

/** By how many percent `value` lies above `base`: `+1.20`, `-1.20`, and ` 0.00` with a blank. */
export function rateText(value: number, base: number): string {
  const text = base === 0 ? '0.00' : (((value - base) / base) * 100).toFixed(2);
  if (Number(text) === 0) return ' 0.00';
  return text.startsWith('-') ? text : `+${text}`;
}

/** KIS: `diff` bears no sign. */
interface ChangeFields {
  readonly sign: string;
  readonly diff: string;
  readonly rate: string;
}

/** A price against the one before. */
export function changeFields(price: number, base: number, exchange: Exchange): ChangeFields {
  return {
    sign: signOf(price - base),
    diff: priceText(Math.abs(price - base), exchange),
    rate: rateText(price, base),
  };
}

/** The last price against the close before. It may stand at a limit, and before the first trade `sign` is 0. */
export function todayFields({ price, basePrice, candle }: OverseasQuote, exchange: Exchange): ChangeFields {
  const fields = changeFields(price, basePrice, exchange);
  const { upper, lower } = exchange.venue.limits(basePrice);
  if (!candle) return { ...fields, sign: '0' };
  if (price >= upper) return { ...fields, sign: '1' };
  return price <= lower ? { ...fields, sign: '4' } : fields;
}

/** YYYYMMDD and HHMMSS. */
export function dateAndTime({ day, ofDayMs }: LocalTime): { readonly date: string; readonly time: string } {
  return { date: dateOf(day), time: timeOfDay(ofDayMs) };
}
