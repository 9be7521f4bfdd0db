import type { Clock } from '@kis/token-core';
import { onAbort } from './on-abort.ts';

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

/** Rejects with `signal.reason` when the signal is aborted first. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const cancel = clock.setTimer(ms, () => {
      forget();
      resolve();
    });
    const forget = onAbort(signal, () => {
      cancel();
      reject(signal?.reason);
    });
  });
}
