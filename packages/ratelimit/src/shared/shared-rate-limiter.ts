import { randomBytes } from 'node:crypto';
import { createEngine } from '../engine.ts';
import type { CheckedOptions } from '../options.ts';
import type { RateLimiter } from '../ports.ts';
import type { SharedBudget } from './ports.ts';
import { createSharedGate } from './shared-gate.ts';

/** Many processes, one budget. `reportWithinMs`: how long the end of a task may wait to be reported together with others. */
export function createSharedRateLimiter(
  options: CheckedOptions,
  budget: SharedBudget,
  { reportWithinMs }: { readonly reportWithinMs: number },
): RateLimiter {
  const peer = `${budget.peerPrefix}${randomBytes(8).toString('hex')}`;
  return createEngine(options, (engine) => createSharedGate({ options, budget, peer, reportWithinMs }, engine));
}

/** @throws TypeError for what is no name of a budget. */
export function checkBudget(name: string): string {
  if (typeof name === 'string' && /^[a-z0-9-]{1,120}$/.test(name)) return name;
  // The name is not shown: what was given by mistake may be an app key.
  throw new TypeError('ratelimit: `budget` must match /^[a-z0-9-]{1,120}$/');
}
