import type { RateLimiterOptions } from '../options.ts';
import type { RateLimiter } from '../ports.ts';
import type { Bench, Clause, Limiters } from './clause.ts';
import { closing } from './closing.ts';
import { leaving } from './leaving.ts';
import { refusals } from './refusals.ts';
import { window } from './window.ts';

/** The `test` of vitest, node:test, jest or bun. */
export type ConformanceTest = (name: string, run: () => Promise<void>) => unknown;

/**
 * Makes limiters of one new budget, which the suite will close. Several are also tried against each other; the same one
 * may stand in several places.
 */
export type CreateLimiters = (
  options: RateLimiterOptions,
) => RateLimiter | readonly RateLimiter[] | Promise<RateLimiter | readonly RateLimiter[]>;

/** Declares one test per sentence of the contract of `RateLimiter`, in real time. Every one calls `create`, some more than once. */
export function rateLimiterConformance(test: ConformanceTest, create: CreateLimiters): void {
  for (const clause of [...window, ...refusals, ...leaving, ...closing]) {
    test(clause.name, () => tryClause(clause, create));
  }
}

async function tryClause(clause: Clause, create: CreateLimiters): Promise<void> {
  const made: RateLimiter[] = [];
  const bench: Bench = {
    async create(options): Promise<Limiters> {
      const created = await create(options);
      const limiters: readonly RateLimiter[] = 'execute' in created ? [created] : created;
      made.push(...limiters);
      const attended = new Map(limiters.map((limiter) => [limiter, attend(limiter)]));
      const all = limiters.map((limiter) => attended.get(limiter) ?? limiter);
      const [one, other = one] = all;
      if (one === undefined || other === undefined) throw new TypeError('ratelimit: `create` gave no limiter');
      return { all, one, other };
    },
  };
  try {
    await clause.run(bench);
  } finally {
    // That closing works is a clause of its own.
    await Promise.allSettled(made.map((limiter) => limiter.close({ timeoutMs: 1_000 })));
  }
}

/** A clause that fails leaves calls behind; that they are rejected is nobody's affair any more. */
function attend(limiter: RateLimiter): RateLimiter {
  return {
    ...limiter,
    execute(task, options) {
      const call = limiter.execute(task, options);
      call.catch(() => {});
      return call;
    },
  };
}
