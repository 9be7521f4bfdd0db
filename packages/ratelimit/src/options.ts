import { systemClock } from './clock.ts';
import type { Clock } from './ports.ts';

export interface RateLimiterOptions {
  /** The most starts in any `windowMs`: an integer from 1 to 1,000,000. */
  readonly limit: number;
  /** Default 1,000. A share of a small limit is a longer window: `{ limit: 1, windowMs: 4_000 }`. */
  readonly windowMs?: number | undefined;
  /** The most callers that may wait; 0: nobody waits. Default: no bound. */
  readonly maxQueue?: number | undefined;
  /** The longest wait in the queue, for calls that do not say `timeoutMs`. Default: no bound. */
  readonly queueTimeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

export type CheckedOptions = { readonly [K in keyof RateLimiterOptions]-?: Exclude<RateLimiterOptions[K], undefined> };

export function checkOptions(options: RateLimiterOptions): CheckedOptions {
  const { limit, windowMs = 1_000, maxQueue = Infinity, clock = systemClock } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
    throw new RangeError(`ratelimit: \`limit\` must be an integer from 1 to 1000000, got ${String(limit)}`);
  }
  if (!Number.isFinite(windowMs) || windowMs <= 0) {
    throw new RangeError(`ratelimit: \`windowMs\` must be a number of milliseconds > 0, got ${String(windowMs)}`);
  }
  if (maxQueue !== Infinity && (!Number.isInteger(maxQueue) || maxQueue < 0)) {
    throw new RangeError(`ratelimit: \`maxQueue\` must be an integer >= 0, got ${String(maxQueue)}`);
  }
  return { limit, windowMs, maxQueue, queueTimeoutMs: checkWait('queueTimeoutMs', options.queueTimeoutMs), clock };
}

/** A bound of milliseconds, 0 or more; `Infinity` when there is none. */
export function checkWait(name: string, value: number | undefined, none: number = Infinity): number {
  if (value === undefined) return none;
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new RangeError(`ratelimit: \`${name}\` must be a number of milliseconds >= 0, got ${String(value)}`);
  }
  return value;
}
