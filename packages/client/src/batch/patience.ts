import type { CircuitBreaker } from '@kis/breaker';
import type { Clock } from '@kis/token-core';
import { isPassing } from '../refusals.ts';
import type { Request } from '../request.ts';
import { sleep } from '../sleep.ts';

/** Long enough for a queue that others have filled, for a breaker that opens once, and for the minute between two tokens. */
const longestMs = 120_000;
const pauseMs = 1_000;

/** KIS does not know the keys: it says so next time, too. */
const wrongKeys: ReadonlySet<unknown> = new Set(['EGW00103', 'EGW00105']);

/** What errors may tell of themselves. */
interface Told {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly kisCode?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/**
 * A batch has time: a call that was not sent, or not sent again, because the queue was too long, the breaker open or no token
 * to be had yet, is tried again every second, or when the token may come, for two minutes. `closing` ends the wait.
 */
export function createPatience(by: {
  readonly clock: Clock;
  readonly breaker: CircuitBreaker;
  readonly closing: AbortSignal;
}): (request: Request) => Request {
  const { clock, breaker, closing } = by;

  /** Undefined for what does not pass. */
  function waitMsOf(error: unknown): number | undefined {
    const { code, reason, kisCode, retryAfterMs } = Object(error) as Told;
    if (code === 'ERR_TOKEN_ISSUE') {
      return retryAfterMs === undefined || wrongKeys.has(kisCode) ? undefined : Math.max(pauseMs, retryAfterMs);
    }
    const mayPass =
      code === 'ERR_CIRCUIT_OPEN' ||
      code === 'ERR_TOKEN_STORAGE' ||
      (code === 'ERR_RATE_LIMIT' && reason !== 'closed') ||
      (isPassing(error) && breaker.state !== 'CLOSED');
    return mayPass ? pauseMs : undefined;
  }

  return (request) =>
    async (endpoint, params, options = {}) => {
      const sinceMs = clock.monotonicMs();
      for (;;) {
        try {
          return await request(endpoint, params, options);
        } catch (error) {
          const waitMs = waitMsOf(error);
          if (waitMs === undefined || clock.monotonicMs() - sinceMs + waitMs > longestMs) throw error;
          await sleep(clock, waitMs, closing, options.signal);
        }
      }
    };
}
