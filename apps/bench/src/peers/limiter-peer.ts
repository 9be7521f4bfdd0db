/** A rate limiter of any library, wrapped so that all do the same: run a task when the budget allows. */
export interface LimiterPeer {
  readonly name: string;
  /** Whether an abort ends the wait of those who are queued. */
  readonly canAbort: boolean;
  /** `signal` is for libraries that take it here and not with the task. */
  create(limit: number, windowMs: number, signal?: AbortSignal): RunningLimiter;
}

export interface RunningLimiter {
  /** Libraries leave out what they do not know of `options`. */
  run<T>(task: () => Promise<T>, options?: RunOptions): Promise<T>;
  /** Rejects all who wait. Missing where the library cannot. */
  close?(): unknown;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** The longest wait in the queue. */
  readonly timeoutMs: number;
}
