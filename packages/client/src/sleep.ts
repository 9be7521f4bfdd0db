import type { Clock } from '@kis/token-core';
import { onAbort } from './on-abort.ts';

/** Rejects with the `reason` of the signal that is aborted first. */
export function sleep(clock: Clock, ms: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const signal of signals) signal?.throwIfAborted();
    const cancel = clock.setTimer(ms, () => {
      end();
      resolve();
    });
    const forgets = signals.map((signal) =>
      onAbort(signal, () => {
        end();
        reject(signal?.reason);
      }),
    );
    function end(): void {
      cancel();
      for (const forget of forgets) forget();
    }
  });
}
