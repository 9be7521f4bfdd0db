import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { checkOptions, type RateLimiterOptions } from '../options.ts';
import type { RateLimiter } from '../ports.ts';
import { checkBudget, createSharedRateLimiter } from '../shared/shared-rate-limiter.ts';
import { createFileBudget } from './file-budget.ts';

export interface FileRateLimiterOptions extends RateLimiterOptions {
  /** What all processes call the budget, matching /^[a-z0-9-]{1,120}$/: those of one account, whatever app keys they use. */
  readonly budget: string;
  /** The budget stands in `ratelimit` in it. Default `$XDG_CACHE_HOME/kis`, else `~/.cache/kis`. */
  readonly directory?: string | undefined;
}

/** More would make the file long that is written for each call. */
const mostSlots = 1_000;

/** So long the end of a call waits for the next one to be written with it. */
const reportWithinMs = 20;

/**
 * A rate limiter that the processes of one host share, without any server: over all of them no more than `limit` calls, at
 * most 1,000, arrive in any `windowMs`. Where the file cannot be read or written, each process goes by its share of the limit,
 * as its `degraded` event says.
 *
 * @throws RangeError, TypeError naming the option that is wrong.
 */
export function createFileRateLimiter(options: FileRateLimiterOptions): RateLimiter {
  const checked = checkOptions(options);
  const { limit, windowMs, adaptive } = checked;
  if (limit > mostSlots) {
    throw new RangeError(`ratelimit: \`limit\` of a file must be at most ${mostSlots}, got ${limit}`);
  }
  const name = checkBudget(options.budget);
  const directory = join(checkDirectory(options.directory) ?? defaultDirectory(), 'ratelimit');
  const budget = createFileBudget({ directory, name }, { limit, windowMs, adaptive });
  return createSharedRateLimiter(checked, budget, { reportWithinMs });
}

function checkDirectory(path: string | undefined): string | undefined {
  if (path === undefined || (typeof path === 'string' && path.trim() !== '' && !path.includes('\0'))) return path;
  throw new TypeError(`ratelimit: \`directory\` must be the path of a directory, got ${JSON.stringify(path)}`);
}

function defaultDirectory(): string {
  const cache = process.env.XDG_CACHE_HOME;
  return cache !== undefined && isAbsolute(cache) ? join(cache, 'kis') : join(homedir(), '.cache', 'kis');
}
