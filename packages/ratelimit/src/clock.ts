import { performance } from 'node:perf_hooks';
import type { Clock } from './ports.ts';

/** The platform's monotonic clock and timers. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  setTimer(ms, run, options) {
    const timer = setTimeout(run, ms);
    if (options?.ref === false) timer.unref();
    return () => clearTimeout(timer);
  },
};
