import type { Clock } from '@kis/token-core';
import { type CallCount, countOf } from './call-count.ts';
import { KisApiError, KisNetworkError, KisResponseError } from './errors.ts';
import { isOverLimit, isPassing, isRateRefusal, isTokenRefusal } from './refusals.ts';
import { createRetryBudget } from './retry-budget.ts';
import { sleep } from './sleep.ts';
import type { KisRequest, Middleware } from './transport.ts';

export interface RetryOptions {
  /** How often a call is sent again at most after failures that pass. Default 3. */
  readonly retries?: number | undefined;
  /** The longest first pause; each further one may be twice as long, up to 5,000. A random part of it is waited. Default 200. */
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
/** Whoever is told to come back later than this had better do so by himself. */
const longestRetryAfterMs = 30_000;
/** KIS counts by the second. */
const longestRefusedPauseMs = 1_050;

/**
 * Sends a call again: once when its token was refused, and when it was one too many, since KIS ran it neither time; a read
 * also after failures that pass, as far as `retries` and the budget of all calls go; anything else only if no byte of it left.
 */
export function createRetry(options: {
  readonly retries: number;
  readonly backoffMs: number;
  /** How often a call may be one too many before it is given up. */
  readonly mostRefusals: number;
  /** Whether the limiter has paused for all when a call was refused for its rate. */
  readonly hasOwnLimiter: boolean;
  readonly clock: Clock;
  readonly onEvent: (event: RetryEvent) => void;
  isClosed(): boolean;
}): Middleware {
  const { retries, backoffMs, mostRefusals, hasOwnLimiter, clock, onEvent, isClosed } = options;
  const budget = createRetryBudget();

  /** How long the pause before the repeat is to be; undefined where there is none. */
  function pauseMs(request: KisRequest, count: CallCount, error: unknown): number | undefined {
    if (isTokenRefusal(error)) {
      if (count.hasNewToken) return undefined;
      count.hasNewToken = true;
      return 0;
    }
    if (isOverLimit(error)) {
      count.refusals += 1;
      if (count.refusals >= mostRefusals) return undefined;
      return hasOwnLimiter || !isRateRefusal(error) ? 0 : Math.random() * longestRefusedPauseMs;
    }
    if (!isRepeatable(request, error) || count.retries >= retries || !budget.spend()) return undefined;
    count.retries += 1;
    return Math.random() * Math.min(longestBackoffMs, backoffMs * 2 ** (count.retries - 1));
  }

  return (next) => async (request) => {
    const count = countOf(request);
    for (;;) {
      count.attempts += 1;
      const attempt = count.attempts;
      try {
        const reply = await next({ ...request, attempt });
        budget.earn();
        return reply;
      } catch (error) {
        const leastMs = retryAfterMs(error);
        if (isClosed() || leastMs > longestRetryAfterMs) throw error;
        const ownMs = pauseMs(request, count, error);
        if (ownMs === undefined) throw error;
        const waitMs = Math.max(ownMs, leastMs);
        onEvent({ type: 'retry', trId: request.trId, attempt, waitMs, error });
        if (waitMs > 0) await sleep(clock, waitMs, request.signal);
      }
    }
  };
}

function isRepeatable({ method }: KisRequest, error: unknown): boolean {
  return method === 'GET' ? isPassing(error) : error instanceof KisNetworkError && !error.mayHaveArrived;
}

function retryAfterMs(error: unknown): number {
  const tells = error instanceof KisApiError || error instanceof KisResponseError;
  return (tells ? error.retryAfterMs : undefined) ?? 0;
}
