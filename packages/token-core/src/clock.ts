import type { Clock } from './ports.ts';

/** The platform's clocks and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(ms, run, options) {
    const timer = setTimeout(run, ms);
    if (options?.ref === false) timer.unref();
    return () => clearTimeout(timer);
  },
};
