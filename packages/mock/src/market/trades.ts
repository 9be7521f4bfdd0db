import { KRX } from './krx.ts';
import type { Quote, Stock } from './market.ts';
import { lastStep, lastTradingStep, STEP_MS } from './venue.ts';

/** What was traded in one step. */
export interface Trade {
  readonly step: number;
  /** Korean time of the day. */
  readonly ofDayMs: number;
  readonly price: number;
  readonly volume: number;
}

/** The last trades of a session, newest first; none before the open. The newest made the price of now. */
export function tradesOf({ walk }: Stock, quote: Quote, maxRows: number): readonly Trade[] {
  if (!quote.candle) return [];
  const { day } = quote;
  const totalAt = (step: number): number => (step < 0 ? 0 : walk.candle(day, step).volume);

  const trades: Trade[] = [];
  let total = quote.candle.volume;
  for (let step = quote.step; step >= 0 && trades.length < maxRows; step--) {
    // Nothing is traded between the end of trading and the close.
    if (step < lastStep(KRX)) step = Math.min(step, lastTradingStep(KRX));
    const before = totalAt(step - 1);
    if (total > before) {
      const price = trades.length === 0 ? quote.price : walk.priceAt(day, step);
      trades.push({ step, ofDayMs: KRX.openMs + step * STEP_MS, price, volume: total - before });
    }
    total = before;
  }
  return trades;
}
