/** A budget of starts per time that any number of callers draw from, in the order in which they came. */
export interface RateLimiter {
  /**
   * Runs `task` as soon as the budget allows, and settles as it does.
   *
   * A task that throws before it has returned a promise has not begun, and its slot goes to the next one. An `async`
   * function never does that; a plain one may, to look once more before it sends.
   *
   * Rejects with `RateLimitError`, or with `signal.reason`; in both cases the task was not run.
   */
  execute<T>(task: () => Promise<T>, options?: ExecuteOptions): Promise<T>;
  /** Starts nothing for this long from now. Of overlapping pauses the one that ends last counts. */
  penalize(options: { readonly pauseMs: number }): void;
  stats(): RateLimiterStats;
  /** Rejects everyone who waits, and everyone who comes later. Tasks that run go on. */
  close(): void;
}

export interface ExecuteOptions {
  /** Ends the wait in the queue; the call then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** The longest wait in the queue. A call that cannot start in time is rejected at once. Default: `queueTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

export interface RateLimiterStats {
  readonly limit: number;
  readonly windowMs: number;
  readonly queued: number;
  readonly running: number;
  /** How many started within the last `windowMs`; never more than `limit`. */
  readonly startedInWindow: number;
  /** What is left of a `penalize`. */
  readonly pauseMs: number;
}

/** Where time comes from. */
export interface Clock {
  /** Milliseconds from any origin; never jumps. */
  monotonicMs(): number;
  /** Runs `run` once after `ms`; the returned function cancels it. The timer keeps the process alive. */
  setTimer(ms: number, run: () => void): () => void;
}
