import { createPassedTime } from './passed-time.ts';
import type { Clock } from './ports.ts';

/**
 * A clock that shows KIS's time. `nowMs` is the host's wall clock as it was at the start, moved by what KIS's replies tell,
 * and what has passed since: whoever sets the wall clock changes nothing. `monotonicMs` counts the machine's sleep.
 */
export interface ServerClock extends Clock {
  /** Takes in the `Date` header of a reply of KIS to a question that was put at `sinceMs` of this clock's own `monotonicMs`. */
  learn(serverDateMs: number, sinceMs: number): void;
  /** Whether KIS has told its time, to within some 4,000 ms. Until then the host's is taken for it. */
  readonly isLearned: boolean;
}

/** A `Date` header has whole seconds. */
const SECOND_MS = 1_000;
/** A reply that took longer says less. */
const PROMPT_MS = 3_000;
/** No KIS of today was there before. */
const EARLIEST_MS = Date.UTC(2020, 0);

/** `onCorrected` is told by how much `nowMs` has just been moved. */
export function createServerClock(clock: Clock, onCorrected: (byMs: number) => void = () => {}): ServerClock {
  const monotonicMs = createPassedTime(clock);
  let aheadMs = clock.nowMs() - monotonicMs();
  let isLearned = false;
  return {
    nowMs: () => aheadMs + monotonicMs(),
    monotonicMs,
    setTimer: (ms, run, options) => clock.setTimer(ms, run, options),
    get isLearned() {
      return isLearned;
    },
    learn(serverDateMs, sinceMs) {
      const hereMs = monotonicMs();
      const tookMs = hereMs - sinceMs;
      if (!(serverDateMs >= EARLIEST_MS && tookMs >= 0)) return;
      isLearned ||= tookMs <= PROMPT_MS;
      // The reply may have been written at once or just now: of what it leaves open, our own estimate stands.
      const beforeMs = aheadMs + hereMs;
      const afterMs = Math.min(Math.max(beforeMs, serverDateMs), serverDateMs + SECOND_MS + tookMs);
      if (afterMs === beforeMs) return;
      aheadMs = afterMs - hereMs;
      onCorrected(afterMs - beforeMs);
    },
  };
}
