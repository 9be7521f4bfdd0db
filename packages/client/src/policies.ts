import { type CircuitBreaker, createCircuitBreaker } from '@kis/breaker';
import { createRateLimiter, type RateLimiter } from '@kis/ratelimit';
import type { Clock } from '@kis/token-core';
import { createLedger, type Ledger } from './ledger.ts';
import type { CheckedOptions } from './options.ts';
import { isPolicy, type RateLimitSettings } from './policy-settings.ts';
import { isRateRefusal } from './refusals.ts';

/** Whether and when a call goes out. */
export interface Policies {
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly ledger: Ledger;
  /** Whether the limiter was made here, and so pauses for all when KIS refuses a call for its rate. */
  readonly hasOwnLimiter: boolean;
  /** Closes what was made here: takes nobody in any more, and resolves when nothing runs. */
  close(): Promise<void>;
}

/** Limiter, ledger and breaker of a client: made by its settings, unless they were given. */
export function createPolicies(given: CheckedOptions, clock: Clock): Policies {
  const { environment, connections, onEvent } = given;

  const breaker = isPolicy(given.breaker)
    ? given.breaker
    : createCircuitBreaker({
        failureThreshold: given.breaker?.failureThreshold,
        openMs: given.breaker?.openMs,
        probeTimeoutMs: given.breaker?.probeTimeoutMs,
        clock,
        onEvent: (event) => onEvent({ type: 'breaker', event }),
      });

  /** From the first failure that is known on, no more calls start than are needed to open the breaker. */
  function maxConcurrent(): number {
    const { failures, failureThreshold } = breaker.stats();
    return failures === 0 ? connections : Math.max(1, Math.min(connections, failureThreshold - failures));
  }

  const settings: RateLimitSettings = isPolicy(given.rateLimiter) ? {} : (given.rateLimiter ?? {});
  const { limit = environment === 'real' ? 18 : 1, adaptive = true, create = createRateLimiter } = settings;
  const { queueTimeoutMs, maxQueue } = settings;
  const rateLimiter = isPolicy(given.rateLimiter)
    ? given.rateLimiter
    : create({
        limit,
        adaptive,
        queueTimeoutMs,
        maxQueue,
        maxConcurrent,
        isRefusal: isRateRefusal,
        clock,
        onEvent: (event) => onEvent({ type: 'rate-limit', event }),
      });
  const hasOwnLimiter = rateLimiter !== given.rateLimiter;

  const ledger = createLedger({ queueTimeoutMs, maxQueue, clock, onEvent });

  return {
    rateLimiter,
    breaker,
    ledger,
    hasOwnLimiter,
    async close() {
      ledger.close();
      if (hasOwnLimiter) await rateLimiter.close();
    },
  };
}
