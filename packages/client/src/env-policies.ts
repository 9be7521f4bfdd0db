import type { KisClientOptions } from './options.ts';
import { isPolicy } from './policy-settings.ts';

type PolicyOptions = Pick<KisClientOptions, 'rateLimiter' | 'breaker'>;

/** Limiter and breaker by the environment; settings that were given count more, and a policy that was given counts alone. */
export function readEnvPolicies(
  /** What a variable says; undefined where it is not set. */
  read: (name: string) => string | undefined,
  given: PolicyOptions,
  faults: string[],
): PolicyOptions {
  function readNumber(name: string, isGood: (value: number) => boolean, rule: string): number | undefined {
    const text = read(name);
    if (text === undefined) return undefined;
    const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!isGood(value)) faults.push(`${name} must be ${rule}`);
    return value;
  }

  function readMs(name: string): number | undefined {
    const isDuration = (seconds: number) => seconds > 0 && Number.isFinite(seconds * 1_000);
    const seconds = readNumber(name, isDuration, 'a number of seconds > 0');
    return seconds === undefined ? undefined : seconds * 1_000;
  }

  function readLimiter() {
    if (isPolicy(given.rateLimiter)) return given.rateLimiter;
    const isLimit = (value: number) => Number.isInteger(value) && value >= 1 && value <= 1_000;
    const { limit, queueTimeoutMs, ...rest } = given.rateLimiter ?? {};
    return {
      ...rest,
      limit: limit ?? readNumber('KIS_API_RATE_LIMIT', isLimit, 'an integer from 1 to 1,000'),
      queueTimeoutMs: queueTimeoutMs ?? readMs('KIS_API_QUEUE_TIMEOUT'),
    };
  }

  function readBreaker() {
    if (isPolicy(given.breaker)) return given.breaker;
    const isCount = (value: number) => Number.isInteger(value) && value >= 1;
    const { failureThreshold, openMs, ...rest } = given.breaker ?? {};
    return {
      ...rest,
      failureThreshold: failureThreshold ?? readNumber('KIS_API_CIRCUIT_BREAKER_THRESHOLD', isCount, 'an integer >= 1'),
      openMs: openMs ?? readMs('KIS_API_CIRCUIT_BREAKER_TIMEOUT'),
    };
  }

  return { rateLimiter: readLimiter(), breaker: readBreaker() };
}
