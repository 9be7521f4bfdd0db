/** A call was not run, because the service has failed lately. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  readonly code = 'ERR_CIRCUIT_OPEN';
  /** When a call is worth while at the earliest, counted from now. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`breaker: the circuit is open, try again in ${Math.ceil(retryAfterMs)} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}
