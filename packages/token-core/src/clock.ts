import { uptime } from 'node:os';
import type { Clock } from './ports.ts';

/** The platform's clocks and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  uptimeMs() {
    try {
      return uptime() * 1_000;
    } catch {
      // Some platforms do not tell.
      return Number.NaN;
    }
  },
  setTimer(ms, run, options) {
    const timer = setTimeout(run, ms);
    if (options?.ref === false) timer.unref();
    return () => clearTimeout(timer);
  },
};
