import type { Candle } from './session.ts';
import type { Venue } from './venue.ts';

/** The candle as it was printed before so many shares were made of one. */
export function beforeSplit(candle: Candle, ratio: number, { tickNear }: Venue): Candle {
  const printed = (adjusted: number): number => tickNear(adjusted * ratio);
  return {
    ...candle,
    openPrice: printed(candle.openPrice),
    highPrice: printed(candle.highPrice),
    lowPrice: printed(candle.lowPrice),
    closePrice: printed(candle.closePrice),
    previousClose: printed(candle.previousClose),
    volume: Math.floor(candle.volume / ratio),
  };
}
