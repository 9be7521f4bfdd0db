/** A budget of calls per time that any number of callers draw from. */
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
  /**
   * Takes nobody in any more, and rejects whoever waits, or, with `drain`, lets them have their turn. Resolves when nobody waits
   * and nothing runs, or after `timeoutMs`, which rejects whoever still waits. Tasks that run go on.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** Who goes first: an order before a question about the account, and that before a quote. */
export type Priority = 'order' | 'account' | 'quote';

export interface ExecuteOptions {
  /** Ends the wait in the queue; the call then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** The longest wait in the queue. A call that cannot start in time is rejected at once. Default: `queueTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Default `'quote'`. Nobody starves: whoever was passed over eight times is next. */
  readonly priority?: Priority | undefined;
  /** It had its turn, and was refused: it goes before all others of its priority but for such as it, and past `maxQueue`. Default false. */
  readonly isRepeat?: boolean | undefined;
}

export interface CloseOptions {
  /** Default false. */
  readonly drain?: boolean | undefined;
  /** Default: no bound. */
  readonly timeoutMs?: number | undefined;
}

export interface RateLimiterStats {
  /** As it was given: the ceiling. */
  readonly limit: number;
  /** What refusals have left of it; `limit` unless `adaptive`. */
  readonly effectiveLimit: number;
  readonly windowMs: number;
  /** Callers in the queue. */
  readonly waiting: number;
  /** Tasks that run. */
  readonly inFlight: number;
  /** Slots that cannot be used: `inFlight`, and those whose task ended less than a window ago. */
  readonly slotsInUse: number;
  /** Tasks that began, ever. */
  readonly granted: number;
  /** Of these the refused ones, by `isRefusal`. */
  readonly refused: number;
  /** What is left of a pause. */
  readonly pauseMs: number;
  /** Of the last 1,024 tasks that began: the median of their waits in the queue. */
  readonly waitP50Ms: number;
  /** Of the same: 99 of 100 waited no longer. */
  readonly waitP99Ms: number;
}

/** What a limiter tells its `onEvent`. */
export type RateLimitEvent =
  /** Tasks were refused, and nothing starts for so long. Once for a burst. */
  | { readonly type: 'pause'; readonly pauseMs: number }
  /** The effective limit fell or rose to this. */
  | { readonly type: 'limit'; readonly limit: number }
  /**
   * What the processes share cannot be reached: after a window of silence this one goes by its share, `limit` calls in
   * `windowMs`, of what `peers` processes had between them. `error`: the backend's own.
   */
  | {
      readonly type: 'degraded';
      readonly peers: number;
      readonly limit: number;
      readonly windowMs: number;
      readonly error: unknown;
    }
  /** It can be reached again, and after a window of silence all share it as before. */
  | { readonly type: 'restored' };

/** Where time comes from. */
export interface Clock {
  /** Milliseconds from any origin; never jumps. */
  monotonicMs(): number;
  /** Runs `run` once after `ms`; the returned function cancels it. The timer keeps the process alive, unless `ref` is false. */
  setTimer(ms: number, run: () => void, options?: { readonly ref?: boolean }): () => void;
}
