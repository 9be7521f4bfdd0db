import { koreanTimeMs } from '../korean-time.ts';
import type { MarketMoment } from './cache-options.ts';

const times: Readonly<Record<MarketMoment, string>> = { open: '090000', close: '153000' };

/** When the last of the moments was, on whatever day: one too many costs a call, one too few shows a price of before. */
export function phaseStartMs(moments: readonly MarketMoment[], nowMs: number): number {
  return Math.max(...moments.map((it) => koreanTimeMs(times[it], nowMs) ?? -Infinity), -Infinity);
}
