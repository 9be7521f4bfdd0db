import type { Clock } from './ports.ts';

/** The wall clock as KIS sees it. */
export interface Instants {
  nowMs(): number;
  /** A `Date` header that has just arrived. */
  learn(serverDateMs: number | undefined): void;
}

/** A `Date` header has whole seconds and has travelled: below this a difference says nothing. */
const TOLERANCE_MS = 2_000;

export function createInstants(clock: Clock): Instants {
  let skewMs = 0;
  return {
    nowMs: () => clock.nowMs() + skewMs,
    learn(serverDateMs) {
      if (serverDateMs === undefined) return;
      const seenMs = serverDateMs + 500 - clock.nowMs();
      skewMs = Math.abs(seenMs) > TOLERANCE_MS ? seenMs : 0;
    },
  };
}
