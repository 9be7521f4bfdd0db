import { KRX } from '../market/krx.ts';
import { wave } from '../market/noise.ts';
import { sessionBefore } from '../market/venue.ts';
import type { Currency } from './exchanges.ts';

/** Won for one unit. */
const USUAL: Readonly<Record<Currency, number>> = { USD: 1_380, HKD: 177, JPY: 9.2, CNY: 191, VND: 0.05 };

/** What one unit of a currency costs in won, with two decimals: on Korean business days a new rate, on other days the last one. */
export function wonRate(seed: number, currency: Currency, koreanDay: number): number {
  const day = KRX.isSession(koreanDay) ? koreanDay : sessionBefore(KRX, koreanDay);
  // The won moves against all of them.
  const log = 0.004 * wave(seed, 90, day, 1) + 0.012 * wave(seed, 91, day, 11) + 0.05 * wave(seed, 92, day, 170);
  return Math.round(USUAL[currency] * Math.exp(log) * 100) / 100;
}
