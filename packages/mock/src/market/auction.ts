import { KRX } from './krx.ts';
import type { Quote, Stock } from './market.ts';
import { lastTradingStep } from './venue.ts';

/** A call auction: what it gave, or what it is expected to give. */
interface Auction {
  readonly isGoingOn: boolean;
  readonly price: number;
  readonly volume: number;
}

/** The auction that was last, at the open or at the close, or the one that goes on before the close; none before the open. */
export function auctionOf({ walk }: Stock, { candle, day, step, price, phase }: Quote): Auction | undefined {
  if (!candle) return undefined;
  const endOfTrading = lastTradingStep(KRX);
  if (step <= endOfTrading) {
    return { isGoingOn: false, price: candle.openPrice, volume: walk.candle(day, 0).volume };
  }
  const volume = walk.candle(day).volume - walk.candle(day, endOfTrading).volume;
  return { isGoingOn: phase === 'open', price, volume };
}
