import type { CircuitBreaker } from '@kis/breaker';
import type { Clock } from '@kis/token-core';
import { actionOf } from '../kis-codes.ts';
import { isPassing } from '../refusals.ts';
import type { Request } from '../request.ts';
import { sleep } from '../sleep.ts';

/** Long enough for a queue that others have filled, for a breaker that opens once, and for the minute between two tokens. */
const longestMs = 120_000;
/** For a storage of tokens that was never there. One that was is back in that time, too, if it was but started anew. */
const longestForStorageMs = 10_000;
const pauseMs = 1_000;

/** What errors may tell of themselves. */
interface Told {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly status?: number | undefined;
  readonly kisCode?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** How long to wait at a time, and in all. */
interface Wait {
  readonly ms: number;
  readonly longestMs: number;
}

/**
 * A batch has time: a call that was not sent, or not sent again, because the queue was too long, the breaker open or no token
 * to be had yet, is tried again every second, or when the token may come, for two minutes. Not so where
 * every call would fail alike: at once when KIS refuses a token for good, and after ten seconds when the storage of tokens fails
 * before any call of the batch has succeeded. `closing` ends the wait.
 */
export function createPatience(by: {
  readonly clock: Clock;
  readonly breaker: CircuitBreaker;
  readonly closing: AbortSignal;
}): (request: Request) => Request {
  const { clock, breaker, closing } = by;

  /** Undefined for what does not pass. */
  function waitFor(error: unknown, hasSucceeded: boolean): Wait | undefined {
    const { code, reason, status = 0, kisCode, retryAfterMs } = Object(error) as Told;
    if (code === 'ERR_TOKEN_ISSUE') {
      const stays = kisCode !== undefined && actionOf({ kisCode, kisMessage: '', status }) === 'F';
      return retryAfterMs === undefined || stays ? undefined : { ms: Math.max(pauseMs, retryAfterMs), longestMs };
    }
    if (code === 'ERR_TOKEN_STORAGE') return { ms: pauseMs, longestMs: hasSucceeded ? longestMs : longestForStorageMs };
    const mayPass =
      code === 'ERR_CIRCUIT_OPEN' ||
      (code === 'ERR_RATE_LIMIT' && reason !== 'closed') ||
      (isPassing(error) && breaker.state !== 'CLOSED');
    return mayPass ? { ms: pauseMs, longestMs } : undefined;
  }

  return (request) => {
    let hasSucceeded = false;
    return async (endpoint, params, options = {}) => {
      const sinceMs = clock.monotonicMs();
      for (;;) {
        try {
          const reply = await request(endpoint, params, options);
          hasSucceeded = true;
          return reply;
        } catch (error) {
          const wait = waitFor(error, hasSucceeded);
          if (wait === undefined || clock.monotonicMs() - sinceMs + wait.ms > wait.longestMs) throw error;
          await sleep(clock, wait.ms, closing, options.signal);
        }
      }
    };
  };
}
