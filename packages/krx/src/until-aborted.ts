import { setMaxListeners } from 'node:events';

/**
 * Runs `task`, and settles as it does, or rejects with `signal.reason` when that comes first; the task then goes on for others. If the
 * signal is aborted already, it is not run.
 */
export async function untilAborted<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return task();
  signal.throwIfAborted();
  let forget = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    forget = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([task(), aborted]);
  } finally {
    forget();
  }
}

function onAbort(signal: AbortSignal, run: () => void): () => void {
  try {
    // One signal for a batch of calls is the normal use and no leak, which Node would warn of.
    setMaxListeners(0, signal);
  } catch {
    // Not Node's own signal: nobody warns.
  }
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}
