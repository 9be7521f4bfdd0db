import type { Clock } from '@kis/token-core';
import { onAbort } from './on-abort.ts';

/**
 * Runs `task` under a signal that is aborted by the caller's or, with a `TimeoutError`, after `ms`, and rejects at once
 * with its reason: what waits for a connection would hear of it only when there is one. If the caller's signal is
 * aborted already, `task` is not run.
 */
export async function withDeadline<T>(
  options: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal | undefined },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, ms, signal } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    onAbort(controller.signal, () => reject(controller.signal.reason));
  });
  const forget = onAbort(signal, () => controller.abort(signal?.reason));
  const cancel = clock.setTimer(ms, () => controller.abort(new DOMException(`no answer in ${ms} ms`, 'TimeoutError')));
  try {
    return await Promise.race([task(controller.signal), aborted]);
  } finally {
    cancel();
    forget();
  }
}
