import type { CircuitBreaker } from '@kis/breaker';
import type { Clock } from '@kis/token-core';
import { isPassing } from '../refusals.ts';
import type { Request } from '../request.ts';
import { sleep } from '../sleep.ts';

/** Long enough for a queue that others have filled, and for a breaker that opens once. */
const longestMs = 120_000;
const pauseMs = 1_000;

/**
 * A batch has time: a call that was not sent, or not sent again, because the queue was too long or the breaker open, is tried
 * again every second, for two minutes. `closing` ends the wait.
 */
export function createPatience(by: {
  readonly clock: Clock;
  readonly breaker: CircuitBreaker;
  readonly closing: AbortSignal;
}): (request: Request) => Request {
  const { clock, breaker, closing } = by;

  function mayPass(error: unknown): boolean {
    const { code, reason } = Object(error) as { readonly code?: unknown; readonly reason?: unknown };
    if (code === 'ERR_CIRCUIT_OPEN') return true;
    if (code === 'ERR_RATE_LIMIT') return reason !== 'closed';
    return isPassing(error) && breaker.state !== 'CLOSED';
  }

  return (request) =>
    async (endpoint, params, options = {}) => {
      const sinceMs = clock.monotonicMs();
      for (;;) {
        try {
          return await request(endpoint, params, options);
        } catch (error) {
          if (!mayPass(error) || clock.monotonicMs() - sinceMs + pauseMs > longestMs) throw error;
          await sleep(clock, pauseMs, closing, options.signal);
        }
      }
    };
}
