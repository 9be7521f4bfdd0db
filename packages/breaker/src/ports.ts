/** Asks a service that keeps failing for a rest, and then finds out whether it is well again. */
export interface CircuitBreaker {
  /**
   * `'CLOSED'`: calls go through. `'OPEN'`: calls are rejected. `'HALF_OPEN'`: a few probes go through, the others are
   * rejected. It moves on with the clock, whether somebody calls or not.
   */
  readonly state: CircuitState;
  /** Runs `task` and settles as it does. Rejects with `CircuitOpenError` without running it while no call may go through. */
  execute<T>(task: () => Promise<T>): Promise<T>;
  /**
   * Whether `execute` would run a task now; takes no probe.
   *
   * @throws CircuitOpenError if it would not.
   */
  assertClosed(): void;
  /** Opens, or starts the rest anew. */
  open(): void;
  /** Closes and forgets all failures. */
  reset(): void;
  stats(): CircuitStats;
}

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

export interface CircuitStats {
  readonly state: CircuitState;
  /** In a row, while closed. */
  readonly failures: number;
  /** How many failures in a row open it, so `failureThreshold - failures` more are borne. */
  readonly failureThreshold: number;
  /** Probes that run. */
  readonly probes: number;
  /** When a call is worth while at the earliest, counted from now. */
  readonly retryAfterMs: number;
}

/** What a circuit breaker tells its `onEvent`: it has come to `state`. */
export interface CircuitEvent {
  readonly type: 'state';
  readonly state: CircuitState;
}

/** Where time comes from. */
export interface Clock {
  /** Milliseconds from any origin; never jumps. */
  monotonicMs(): number;
}
