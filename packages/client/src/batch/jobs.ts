import { onAbort } from '../on-abort.ts';

/** Some calls of KIS: what came of them, and what is left to do. A rejection stops all jobs. */
export type Job<T> = (signal: AbortSignal) => Promise<Done<T>>;

export interface Done<T> {
  readonly items: readonly T[];
  readonly jobs?: readonly Job<T>[] | undefined;
}

/**
 * Does the jobs, `concurrency` at once, and gives what comes of them as it comes. A job is taken only when there is room for
 * what comes of it, so that whoever reads slowly, or no further, is not run ahead of. When it ends, whatever the reason, the
 * jobs that run are aborted. It throws what stopped it, or `signal.reason`, after all that had come by then.
 */
export async function* runJobs<T>(
  source: AsyncGenerator<Job<T>>,
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal | undefined },
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  const left: Job<T>[] = [];
  const come: (readonly T[])[] = [];
  let running = 0;
  let isTaking = false;
  let isAtEnd = false;
  let stopped: { readonly error: unknown } | undefined;
  let wake = () => {};

  const isDone = () => isAtEnd && running === 0 && left.length === 0;

  function stop(error: unknown): void {
    if (isDone()) return;
    stopped ??= { error };
    controller.abort(error);
    wake();
  }

  async function run(job: Job<T>): Promise<void> {
    running += 1;
    try {
      const { items, jobs = [] } = await job(controller.signal);
      if (items.length > 0) come.push(items);
      left.push(...jobs);
    } catch (error) {
      stop(error);
    }
    running -= 1;
    wake();
  }

  async function take(): Promise<void> {
    isTaking = true;
    try {
      const next = await source.next();
      if (next.done) isAtEnd = true;
      else if (stopped === undefined) void run(next.value);
    } catch (error) {
      stop(error);
    }
    isTaking = false;
    wake();
  }

  function fill(): void {
    while (stopped === undefined && running + come.length + (isTaking ? 1 : 0) < concurrency) {
      const job = left.shift();
      if (job !== undefined) void run(job);
      else if (isTaking || isAtEnd) return;
      else void take();
    }
  }

  const forget = onAbort(signal, () => stop(signal?.reason));
  try {
    if (signal?.aborted) stop(signal.reason);
    for (;;) {
      fill();
      const items = come.shift();
      if (items !== undefined) yield* items;
      else if (stopped !== undefined) throw stopped.error;
      else if (isDone()) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    forget();
    controller.abort();
    const end = source.return(undefined);
    // A source that is waited for may never answer; its end must not wait for that.
    if (isTaking) end.catch(() => {});
    else await end;
  }
}
