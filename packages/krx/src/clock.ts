import type { Clock } from './ports.ts';

/** The platform's clock and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  setTimer(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
