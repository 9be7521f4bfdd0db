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
