import type { Clock } from './ports.ts';

/** Wall and monotonic clock part when the machine sleeps, and when somebody sets the wall clock. */
const PARTED_MS = 500;
/** Both at once may cancel out: now and then it is looked at anyway. */
const LOOK_EVERY_MS = 10_000;
/** The resolution of the uptime on some platforms. */
const LEAST_SLEEP_MS = 1_000;
/** Two readings further apart than this are of two moments: the process was stopped between them. */
const ONE_MOMENT_MS = 50;

/**
 * What has passed since any origin, in milliseconds: the monotonic clock, which stands still while the machine sleeps, and
 * that sleep. Whatever the wall clock does changes nothing. Without `uptimeMs` no sleep is known.
 */
export function createPassedTime(clock: Clock): () => number {
  let sleptMs = 0;
  let firstGapMs = readGap();
  let partedMs = clock.nowMs() - clock.monotonicMs();
  let nextLookMs = clock.monotonicMs() + LOOK_EVERY_MS;

  /** By how much the uptime is ahead of the monotonic clock: that grows by each sleep. NaN: unknown. */
  function readGap(): number {
    const beforeMs = clock.monotonicMs();
    const uptimeMs = clock.uptimeMs?.() ?? Number.NaN;
    return clock.monotonicMs() - beforeMs <= ONE_MOMENT_MS ? uptimeMs - beforeMs : Number.NaN;
  }

  function look(): void {
    const gapMs = readGap();
    if (Number.isNaN(firstGapMs)) firstGapMs = gapMs;
    else if (gapMs - firstGapMs > sleptMs + LEAST_SLEEP_MS) sleptMs = gapMs - firstGapMs;
  }

  return () => {
    const monotonicMs = clock.monotonicMs();
    const apartMs = clock.nowMs() - monotonicMs;
    if (Math.abs(apartMs - partedMs) > PARTED_MS || monotonicMs >= nextLookMs) {
      partedMs = apartMs;
      nextLookMs = monotonicMs + LOOK_EVERY_MS;
      look();
    }
    return monotonicMs + sleptMs;
  };
}
