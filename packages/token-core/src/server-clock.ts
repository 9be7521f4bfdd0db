import { createPassedTime } from './passed-time.ts';
import type { Clock } from './ports.ts';

/**
 * A clock that shows KIS's time. `nowMs` is the host's wall clock as it was at the start, moved by what KIS's replies tell,
 * and what has passed since: whoever sets the wall clock changes nothing. `monotonicMs` counts the machine's sleep.
 */
export interface ServerClock extends Clock {
  /** Takes in the `Date` header of a reply of KIS to a question that was put at `sinceMs` of this clock's own `monotonicMs`. */
  learn(serverDateMs: number, sinceMs: number): void;
  /** Whether KIS has told its time, and its last reply did not contradict that, to within some 4,000 ms. Until then the host's is taken for it. */
  readonly isLearned: boolean;
}

/** A `Date` header has whole seconds. */
const SECOND_MS = 1_000;
/** A reply that took longer says less. */
const PROMPT_MS = 3_000;
/** Once the time is known a reply that is further off has to be confirmed by the next one: a server may err, too. */
const STEP_MS = 60_000;

/** `onCorrected` is told by how much `nowMs` has just been moved. */
export function createServerClock(clock: Clock, onCorrected: (byMs: number) => void = () => {}): ServerClock {
  const monotonicMs = createPassedTime(clock);
  let aheadMs = clock.nowMs() - monotonicMs();
  let isLearned = false;
  /** The correction that the last reply asked for, where it was not believed. */
  let doubtedMs = Number.NaN;
  return {
    nowMs: () => Math.round(aheadMs + monotonicMs()),
    monotonicMs,
    setTimer: (ms, run, options) => clock.setTimer(ms, run, options),
    get isLearned() {
      return isLearned && Number.isNaN(doubtedMs);
    },
    learn(serverDateMs, sinceMs) {
      const hereMs = monotonicMs();
      const tookMs = hereMs - sinceMs;
      if (!(Number.isFinite(serverDateMs) && tookMs >= 0)) return;
      // The reply may have been written at once or just now: of what it leaves open, our own estimate stands.
      const beforeMs = aheadMs + hereMs;
      const afterMs = Math.min(Math.max(beforeMs, serverDateMs), serverDateMs + SECOND_MS + tookMs);
      const byMs = afterMs - beforeMs;
      const isBelieved = !isLearned || Math.abs(byMs) <= STEP_MS || Math.abs(byMs - doubtedMs) <= STEP_MS;
      doubtedMs = isBelieved ? Number.NaN : byMs;
      if (!isBelieved) return;
      isLearned ||= tookMs <= PROMPT_MS;
      if (byMs === 0) return;
      aheadMs = afterMs - hereMs;
      onCorrected(Math.round(byMs));
    },
  };
}
