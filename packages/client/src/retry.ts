import type { CircuitBreaker } from '@kis/breaker';
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
  readonly breaker: CircuitBreaker;
  /** Aborted when the client is closed, which ends the pauses. */
  readonly closing: AbortSignal;
  readonly onEvent: (event: RetryEvent) => void;
}): Middleware {
  const { retries, backoffMs, mostRefusals, hasOwnLimiter, clock, breaker, closing, onEvent } = options;
  const budget = createRetryBudget();

  function ownPauseMs(count: CallCount, error: unknown): number {
    if (isTokenRefusal(error)) return 0;
    if (isOverLimit(error)) return hasOwnLimiter || !isRateRefusal(error) ? 0 : Math.random() * longestRefusedPauseMs;
    return Math.random() * Math.min(longestBackoffMs, backoffMs * 2 ** count.retries);
  }

  /** Whether it is known now that the breaker will turn away what is sent after the pause. */
  function isShut(waitMs: number): boolean {
    const { state, retryAfterMs } = breaker.stats();
    return state === 'OPEN' && retryAfterMs > waitMs;
  }

  /** Whether there is a repeat left, which is then used up. */
  function takeRepeat(request: KisRequest, count: CallCount, error: unknown): boolean {
    if (isTokenRefusal(error)) {
      const isFirst = !count.hasNewToken;
      count.hasNewToken = true;
      return isFirst;
    }
    if (isOverLimit(error)) {
      count.refusals += 1;
      return count.refusals < mostRefusals;
    }
    if (!isRepeatable(request, error) || count.retries >= retries || !budget.spend()) return false;
    count.retries += 1;
    return true;
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
        // That the breaker is open says less than why the call failed before.
        if (isCircuitOpen(error)) throw count.lastError ?? error;
        if (isOfKis(error)) count.lastError = error;
        const leastMs = retryAfterMs(error);
        const waitMs = Math.max(ownPauseMs(count, error), leastMs);
        if (closing.aborted || leastMs > longestRetryAfterMs || isShut(waitMs)) throw error;
        if (!takeRepeat(request, count, error)) throw error;
        onEvent({ type: 'retry', trId: request.trId, attempt, waitMs, error });
        if (waitMs > 0) await sleep(clock, waitMs, request.signal, closing);
      }
    }
  };
}

function isRepeatable({ method }: KisRequest, error: unknown): boolean {
  return method === 'GET' ? isPassing(error) : error instanceof KisNetworkError && !error.mayHaveArrived;
}

/** Whether KIS or the network gave it. */
function isOfKis(error: unknown): error is KisApiError | KisResponseError | KisNetworkError {
  return error instanceof KisApiError || error instanceof KisResponseError || error instanceof KisNetworkError;
}

function isCircuitOpen(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_CIRCUIT_OPEN';
}

function retryAfterMs(error: unknown): number {
  const tells = error instanceof KisApiError || error instanceof KisResponseError;
  return (tells ? error.retryAfterMs : undefined) ?? 0;
}
