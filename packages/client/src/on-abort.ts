import { setMaxListeners } from 'node:events';

/** Runs `run` when the signal is aborted later on; the returned function takes that back. */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal === undefined) return () => {};
  try {
    // One signal for a batch of calls is the normal use and no leak, which Node would warn of.
    setMaxListeners(0, signal);
  } catch {
    // Not Node's own signal: nobody warns.
  }
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}

/** What several wait for, for one of them: rejects with `signal.reason` when the signal is aborted first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const forget = onAbort(signal, () => reject(signal?.reason));
    promise.then(resolve, reject).finally(forget);
  });
}
