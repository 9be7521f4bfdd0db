import type { Clock } from './ports.ts';

/** Runs `task` under a signal that is aborted with a `TimeoutError` after `ms`, and rejects then, whatever the task does. */
export async function withDeadline<T>(clock: Clock, ms: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.setTimer(ms, () => {
      controller.abort(new DOMException(`no answer in ${ms} ms`, 'TimeoutError'));
      reject(controller.signal.reason);
    });
  });
  try {
    return await Promise.race([task(controller.signal), late]);
  } finally {
    cancel();
  }
}
