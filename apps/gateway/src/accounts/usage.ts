import type { RateLimiter } from '@kis/ratelimit';
import type { Second } from '../live/events.ts';

/** Counts what is used of the budget, second by second. */
export interface Usage {
  /** The same limiter, whose waits are counted. */
  watch(limiter: RateLimiter): RateLimiter;
  /** A question was answered by the cache, or not. */
  noteCache(isHit: boolean): void;
  /** Ends a second. */
  tick(): void;
  /** Oldest first. */
  readonly seconds: readonly Second[];
  readonly cache: { readonly hits: number; readonly misses: number };
}

const KEPT_SECONDS = 120;
/** A limiter takes its own time of some microseconds; who waited longer had to. */
const NO_WAIT_MS = 2;

export function createUsage(options: { readonly nowMs: () => number; readonly onWait: (ms: number) => void }): Usage {
  const { nowMs, onWait } = options;
  const seconds: Second[] = [];
  let stats = () => ({ granted: 0, refused: 0 });
  let before = { atMs: nowMs(), granted: 0, refused: 0 };
  let [waited, cached] = [0, 0];
  let [hits, misses] = [0, 0];

  return {
    seconds,
    get cache() {
      return { hits, misses };
    },
    watch(limiter) {
      stats = () => limiter.stats();
      return {
        ...limiter,
        execute(task, given) {
          const sinceMs = performance.now();
          return limiter.execute(() => {
            // What throws here has not begun, and is not counted.
            const running = task();
            const waitMs = performance.now() - sinceMs;
            if (waitMs > NO_WAIT_MS) waited += 1;
            onWait(waitMs);
            return running;
          }, given);
        },
      };
    },
    noteCache(isHit) {
      if (isHit) {
        hits += 1;
        cached += 1;
      } else misses += 1;
    },
    tick() {
      const { granted, refused } = stats();
      seconds.push({
        atMs: before.atMs,
        granted: granted - before.granted,
        refused: refused - before.refused,
        waited,
        cached,
      });
      if (seconds.length > KEPT_SECONDS) seconds.shift();
      before = { atMs: nowMs(), granted, refused };
      [waited, cached] = [0, 0];
    },
  };
}
