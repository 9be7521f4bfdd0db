import { inspect } from 'node:util';
import type { CircuitBreaker } from '@kis/breaker';
import type { RateLimiter, RateLimiterOptions } from '@kis/ratelimit';
import { checkSettings } from './check.ts';

export interface RateLimitSettings {
  /** The most calls a second, and fewer where KIS refuses so many. Default 18, on the virtual host 1. */
  readonly limit?: number | undefined;
  /** The longest wait of one attempt in each queue it stands in, not of the whole call. Default 30,000; `Infinity`: no bound. */
  readonly queueTimeoutMs?: number | undefined;
  /** The most calls that may wait. Default: no bound. */
  readonly maxQueue?: number | undefined;
  /** Whether refusals lower the limit, and time without one raises it again. Default true. */
  readonly adaptive?: boolean | undefined;
  /**
   * Makes the limiter of these settings and of what else the client has to say: where several processes share one budget,
   * `(options) => createFileRateLimiter({ ...options, budget })`. The client closes it. Default: one of this client alone.
   */
  readonly create?: ((options: RateLimiterOptions) => RateLimiter) | undefined;
}

export interface BreakerSettings {
  /** How many failures in a row open the circuit. Default 5. */
  readonly failureThreshold?: number | undefined;
  /** How long it stays open. Default 60,000. */
  readonly openMs?: number | undefined;
  /** A probe without an answer for this long has failed. Default: `openMs`. */
  readonly probeTimeoutMs?: number | undefined;
}

/** @throws TypeError naming what is neither a limiter nor a setting of one. */
export function checkRateLimiter(given: RateLimiter | RateLimitSettings | undefined): void {
  if (isPolicy(given)) return;
  checkSettings(
    'rateLimiter',
    given,
    ['limit', 'queueTimeoutMs', 'maxQueue', 'adaptive', 'create'],
    'settings or one of your own',
  );
  if (given?.create !== undefined && typeof given.create !== 'function') {
    throw new TypeError(
      `client: \`rateLimiter.create\` must be a function, got ${inspect(given.create, { depth: 0 })}`,
    );
  }
}

/** @throws TypeError naming what is neither a breaker nor a setting of one. */
export function checkBreaker(given: unknown): void {
  if (isPolicy(given)) return;
  checkSettings('breaker', given, ['failureThreshold', 'openMs', 'probeTimeoutMs'], 'settings or one of your own');
}

/** Whether it is a limiter or a breaker that was made already, rather than the settings of one. */
export function isPolicy<T extends RateLimiter | CircuitBreaker>(given: unknown): given is T {
  return typeof given === 'object' && given !== null && 'execute' in given && typeof given.execute === 'function';
}
