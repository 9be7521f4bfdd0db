const messages = {
  timeout: 'the call cannot start in the time it was given',
  'queue-full': 'the queue is full',
  closed: 'the limiter is closed',
} as const;

/** A call was not run: it could not start in time, the queue was full, or the limiter was closed. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError';
  readonly code = 'ERR_RATE_LIMIT';
  readonly reason: 'timeout' | 'queue-full' | 'closed';
  /** How long the call would still have waited at the least; 0 when the limiter is closed. */
  readonly waitMs: number;

  constructor(reason: 'timeout' | 'queue-full' | 'closed', waitMs: number) {
    super(`ratelimit: ${messages[reason]}${reason === 'closed' ? '' : ` (wait: ${Math.ceil(waitMs)} ms)`}`);
    this.reason = reason;
    this.waitMs = waitMs;
  }
}
