import { createEngine } from './engine.ts';
import { createLocalGate } from './local-gate.ts';
import { checkOptions, type RateLimiterOptions } from './options.ts';
import type { RateLimiter } from './ports.ts';
import { createRoundTrips } from './round-trips.ts';

/**
 * Lets no more than `limit` calls arrive in any `windowMs`, first come, first served within each priority. A slot is free again
 * a window after the reply to the call that had it, less a part of the smallest round trip, on a monotonic clock.
 *
 * @throws RangeError, TypeError naming the option that is wrong.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const checked = checkOptions(options);
  const roundTrips = createRoundTrips(checked.roundTripCredit, checked.limit, checked.windowMs);
  return createEngine(checked, () => createLocalGate(checked, roundTrips));
}
