import { setMaxListeners } from 'node:events';
import type { Clock } from './ports.ts';

/**
 * One caller's wait for what many wait for: ends with the shared promise, the caller's abort or its own deadline,
 * and leaves the shared work alone. While it lasts, its timer keeps the process alive.
 *
 * Rejects with the signal's reason, or with what `onTimeout` gives.
 */
export function waitFor<T>(
  shared: Promise<T>,
  options: {
    readonly clock: Clock;
    readonly timeoutMs: number;
    readonly signal: AbortSignal | undefined;
    onTimeout(): unknown;
  },
): Promise<T> {
  const { clock, timeoutMs, signal, onTimeout } = options;
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted === true) {
      shared.catch(() => {});
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => end(() => reject(signal?.reason));
    const cancelTimer = clock.setTimer(timeoutMs, () => end(() => reject(onTimeout())));
    const end = (settle: () => void): void => {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    if (signal !== undefined) {
      try {
        // One signal for a hundred callers is the normal use, and no leak: each takes its listener back.
        setMaxListeners(0, signal);
      } catch {
        // Not Node's own signal: nobody warns.
      }
      signal.addEventListener('abort', onAbort, { once: true });
    }
    shared.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
  });
}
