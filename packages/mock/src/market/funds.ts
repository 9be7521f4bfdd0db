import { KRX } from './krx.ts';
import type { Quote, Stock } from './market.ts';
import { signed, unit } from './noise.ts';
import { lastStep, sessionBefore } from './venue.ts';

/** What lies behind a fund or a note. Values in won. */
export interface Fund {
  /** Net assets per share; the price strays from it by 0.2 % at the most. KIS: `nav`. */
  readonly assetValue: number;
  /** At the last close. KIS: `prdy_last_nav`. */
  readonly previousAssetValue: number;
  /** Percent by which the price of last year's sessions missed the index. KIS: `trc_errt`. */
  readonly trackingError: number;
  /** Percent. KIS: `lp_hldn_rate`. */
  readonly providerPercent: number;
}

export function fundOf({ seed }: Stock, { candle, basePrice, day, step }: Quote): Fund {
  const behind = (price: number, day: number, step: number): number =>
    price * (1 + 0.002 * signed(seed ^ day, 14, step));
  const previousAssetValue = behind(basePrice, sessionBefore(KRX, day), lastStep(KRX));
  return {
    assetValue: candle ? behind(candle.closePrice, day, step) : previousAssetValue,
    previousAssetValue,
    trackingError: 0.05 + 0.6 * unit(seed, 1, 4),
    providerPercent: 5 + 60 * unit(seed, 1, 5),
  };
}
