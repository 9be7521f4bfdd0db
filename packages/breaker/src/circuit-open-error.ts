import { StacklessError } from './stackless-error.ts';

/**
 * A call was not run, because the service has failed lately. It has no stack trace, so that rejecting stays cheap while
 * nothing works; `Error.captureStackTrace(error)` takes one.
 */
export class CircuitOpenError extends StacklessError {
  override readonly name = 'CircuitOpenError';
  readonly code = 'ERR_CIRCUIT_OPEN';
  /** When a call is worth while at the earliest, counted from now. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`breaker: the circuit is open, try again in ${Math.ceil(retryAfterMs)} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}
