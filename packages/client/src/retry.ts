import type { Clock } from '@kis/token-core';
import { KisNetworkError } from './errors.ts';
import { isOutage, isPassing, isRateRefusal, isTokenRefusal } from './refusals.ts';
import { sleep } from './sleep.ts';
import type { KisRequest, Middleware } from './transport.ts';

export interface RetryOptions {
  /** How often a call is sent at most; where KIS cannot be reached, or fails without a code, 3 times at most. Default 5. */
  readonly attempts?: number | undefined;
  /** The first pause; each further one is twice as long, up to 5,000, less a random part of up to a half. Default 200. */
  readonly backoffMs?: number | undefined;
}

/** A call is about to be sent again. */
export interface RetryEvent {
  readonly type: 'retry';
  readonly trId: string;
  /** The number of the attempt that failed. */
  readonly attempt: number;
  readonly waitMs: number;
  readonly error: unknown;
}

const longestBackoffMs = 5_000;

/** Less than the 5 failures that open the breaker, which one call alone must not do to all others. */
const outageAttempts = 3;

/**
 * Sends a read again when the failure may pass, and any call once more, whatever `attempts` says, after its token was
 * refused: KIS did not carry it out. Otherwise anything but a read is sent again only if no byte of it left.
 */
export function createRetry(options: {
  readonly attempts: number;
  readonly backoffMs: number;
  readonly clock: Clock;
  readonly onEvent: (event: RetryEvent) => void;
  isClosed(): boolean;
}): Middleware {
  const { attempts, backoffMs, clock, onEvent, isClosed } = options;

  function waitMs(error: unknown, failures: number): number {
    // The limiter has been paused for all; a pause of our own would only add to it.
    if (isRateRefusal(error)) return 0;
    return Math.min(backoffMs * 2 ** (failures - 1), longestBackoffMs) * (1 - Math.random() / 2);
  }

  return (next) => async (request) => {
    let hasNewToken = false;
    let failures = 0;
    let outages = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await next({ ...request, attempt });
      } catch (error) {
        if (isClosed()) throw error;
        let ms = 0;
        if (isTokenRefusal(error) && !hasNewToken) {
          hasNewToken = true;
        } else {
          failures += 1;
          if (isOutage(error)) outages += 1;
          if (failures >= attempts || outages >= outageAttempts || !isRepeatable(request, error)) throw error;
          ms = waitMs(error, failures);
        }
        onEvent({ type: 'retry', trId: request.trId, attempt, waitMs: ms, error });
        if (ms > 0) await sleep(clock, ms, request.signal);
      }
    }
  };
}

function isRepeatable({ method }: KisRequest, error: unknown): boolean {
  return method === 'GET' ? isPassing(error) : error instanceof KisNetworkError && !error.mayHaveArrived;
}
