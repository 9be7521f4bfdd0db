import { createRedisConnection, type RedisConnectionOptions } from '@kis/redis-connection';
import { checkOptions, type RateLimiterOptions } from '../options.ts';
import type { RateLimiter } from '../ports.ts';
import { checkBudget, createSharedRateLimiter } from '../shared/shared-rate-limiter.ts';
import { createRedisBudget } from './redis-budget.ts';

/** Tasks that end together are told together, and with whoever comes next. */
const reportWithinMs = 5;

export interface RedisRateLimiterOptions extends RateLimiterOptions {
  /** Who has the same one, on the same Redis, shares: a name of a-z, 0-9 and `-`. What is counted together is called the same. */
  readonly budget: string;
  /** Default `redis://localhost:6379/0`; `rediss://` for TLS. */
  readonly url?: string | undefined;
  /** Instead of `url`: an ioredis client or Cluster, which is left open. */
  readonly client?: RedisConnectionOptions['client'];
  /** For a `url` without one. */
  readonly password?: string | undefined;
  /** How long Redis may take for an answer before it counts as gone. Default 1,000. */
  readonly commandTimeoutMs?: number | undefined;
}

/**
 * A rate limiter whose slots lie in Redis (7 or later, or Valkey), shared by all processes that name the same `budget`. It goes
 * by the time of Redis, so their clocks do not matter. While Redis cannot be reached each process goes by its share.
 *
 * @throws RangeError, TypeError naming the option that is wrong; Error when ioredis is not installed and no `client` is given.
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RateLimiter {
  const { budget, url, client, password, commandTimeoutMs = 1_000, ...rest } = options;
  const checked = checkOptions(rest);
  const name = checkBudget(budget);
  const connection = createRedisConnection({ url, client, password, commandTimeoutMs });
  const shared = createRedisBudget(connection, { budget: name, longestMs: commandTimeoutMs }, checked);
  return createSharedRateLimiter(checked, shared, { reportWithinMs });
}
