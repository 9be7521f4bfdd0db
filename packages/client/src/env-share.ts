import type { RateLimiter } from '@kis/ratelimit';
import { isPolicy, type RateLimitSettings } from './policy-settings.ts';

/** With whom a client of the environment shares its rate budget. */
export interface EnvShare {
  /** By a file with the processes of this host, by Redis with those of other hosts, too, or with nobody. */
  readonly by: 'file' | 'redis' | 'none';
  /** Undefined: that of the app key. */
  readonly budget: string | undefined;
}

/** A limiter that was given, or what makes one, counts alone. Where nothing is said the budget is shared as the token is. */
export function readEnvShare(
  read: (name: string) => string | undefined,
  given: RateLimiter | RateLimitSettings | undefined,
  /** Undefined where the environment does not choose it. */
  tokenStorage: string | undefined,
  faults: string[],
): EnvShare {
  if (isPolicy(given) || given?.create !== undefined) return { by: 'none', budget: undefined };
  const by = read('KIS_API_RATE_LIMIT_SHARE') ?? tokenStorage ?? 'none';
  const budget = read('KIS_API_RATE_LIMIT_BUDGET');
  if (budget !== undefined && !/^[a-z0-9-]{1,120}$/.test(budget)) {
    faults.push('KIS_API_RATE_LIMIT_BUDGET must be 1 to 120 small letters, digits and hyphens');
  }
  if (by === 'file' || by === 'redis' || by === 'none') return { by, budget };
  // Of a token storage that is none of these enough is said.
  if (by !== tokenStorage) faults.push('KIS_API_RATE_LIMIT_SHARE must be file, redis or none');
  return { by: 'none', budget };
}
