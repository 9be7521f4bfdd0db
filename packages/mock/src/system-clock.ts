import type { Clock } from './ports.ts';

export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimer(ms, run, { ref = true } = {}) {
      const timer = setTimeout(run, ms);
      if (!ref) timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
