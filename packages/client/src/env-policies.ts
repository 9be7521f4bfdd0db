import { createEnvNumbers } from './env-number.ts';
import type { KisClientOptions } from './options.ts';
import { checkBreaker, checkRateLimiter, isPolicy } from './policy-settings.ts';

type PolicyOptions = Pick<KisClientOptions, 'rateLimiter' | 'breaker'>;

/** Limiter and breaker by the environment; settings that were given count more, and a policy that was given counts alone. */
export function readEnvPolicies(
  /** What a variable says; undefined where it is not set. */
  read: (name: string) => string | undefined,
  given: PolicyOptions,
  faults: string[],
): PolicyOptions {
  const numbers = createEnvNumbers(read, faults);

  function readMs(name: string): number | undefined {
    return numbers.readMs(name, (seconds) => seconds > 0, 'a number of seconds > 0');
  }

  function readLimiter() {
    checkRateLimiter(given.rateLimiter);
    if (isPolicy(given.rateLimiter)) return given.rateLimiter;
    const isLimit = (value: number) => Number.isInteger(value) && value >= 1 && value <= 1_000;
    const { limit, queueTimeoutMs, ...rest } = given.rateLimiter ?? {};
    return {
      ...rest,
      limit: limit ?? numbers.read('KIS_API_RATE_LIMIT', isLimit, 'an integer from 1 to 1,000'),
      queueTimeoutMs: queueTimeoutMs ?? readMs('KIS_API_QUEUE_TIMEOUT'),
    };
  }

  function readBreaker() {
    checkBreaker(given.breaker);
    if (isPolicy(given.breaker)) return given.breaker;
    const isCount = (value: number) => Number.isInteger(value) && value >= 1;
    const { failureThreshold, openMs, ...rest } = given.breaker ?? {};
    return {
      ...rest,
      failureThreshold:
        failureThreshold ?? numbers.read('KIS_API_CIRCUIT_BREAKER_THRESHOLD', isCount, 'an integer >= 1'),
      openMs: openMs ?? readMs('KIS_API_CIRCUIT_BREAKER_TIMEOUT'),
    };
  }

  return { rateLimiter: readLimiter(), breaker: readBreaker() };
}
