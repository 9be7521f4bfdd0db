import { inspect } from 'node:util';
import { systemClock } from './clock.ts';
import { createEventSink } from './events.ts';
import type { Clock, RateLimitEvent } from './ports.ts';

export interface RateLimiterOptions {
  /** The most calls that may arrive in any `windowMs`: an integer from 1 to 1,000,000. */
  readonly limit: number;
  /** Default 1,000. A share of a small limit is a longer window: `{ limit: 1, windowMs: 4_000 }`. */
  readonly windowMs?: number | undefined;
  /** The most tasks that may run at once; a function is asked before each start, 1 is the least, and 1 it is when it throws. Default: no bound but `limit`. */
  readonly maxConcurrent?: number | (() => number) | undefined;
  /** The most callers that may wait; 0: nobody waits. Default: no bound. */
  readonly maxQueue?: number | undefined;
  /** The longest wait in the queue, for calls that do not say `timeoutMs`. Default 30,000; `Infinity`: no bound. */
  readonly queueTimeoutMs?: number | undefined;
  /** Whether a rejection of a task means that the service refused it for too many calls. It pauses all lanes, once for a burst. Default: none does. */
  readonly isRefusal?: ((error: unknown) => boolean) | undefined;
  /** Whether refusals lower the limit, and time in which callers waited and none was refused raises it again. Needs `isRefusal`. Default false. */
  readonly adaptive?: boolean | undefined;
  /**
   * How much of the smallest round trip, less 6 ms, a slot is given back early, from 0 to 1. Default 0.9. 0 where a task
   * waits for something else than the service before it asks.
   */
  readonly roundTripCredit?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Told of pauses and of changes of the limit. What it throws is ignored. */
  readonly onEvent?: ((event: RateLimitEvent) => void) | undefined;
}

type Bare<T> = Exclude<T, undefined>;

export interface CheckedOptions {
  readonly limit: number;
  readonly windowMs: number;
  readonly maxConcurrent: () => number;
  readonly maxQueue: number;
  readonly queueTimeoutMs: number;
  readonly isRefusal: Bare<RateLimiterOptions['isRefusal']>;
  readonly adaptive: boolean;
  readonly roundTripCredit: number;
  readonly clock: Clock;
  readonly onEvent: Bare<RateLimiterOptions['onEvent']>;
}

export function checkOptions(options: RateLimiterOptions): CheckedOptions {
  const { limit, windowMs = 1_000, maxQueue = Infinity, isRefusal, adaptive = false, roundTripCredit = 0.9 } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
    throw new RangeError(`ratelimit: \`limit\` must be an integer from 1 to 1000000, got ${String(limit)}`);
  }
  if (!Number.isFinite(windowMs) || windowMs <= 0) {
    throw new RangeError(`ratelimit: \`windowMs\` must be a number of milliseconds > 0, got ${String(windowMs)}`);
  }
  if (maxQueue !== Infinity && (!Number.isInteger(maxQueue) || maxQueue < 0)) {
    throw new RangeError(`ratelimit: \`maxQueue\` must be an integer >= 0, got ${String(maxQueue)}`);
  }
  if (!(roundTripCredit >= 0 && roundTripCredit <= 1)) {
    throw new RangeError(`ratelimit: \`roundTripCredit\` must be a number from 0 to 1, got ${String(roundTripCredit)}`);
  }
  if (typeof adaptive !== 'boolean') {
    throw new TypeError(`ratelimit: \`adaptive\` must be true or false, got ${inspect(adaptive)}`);
  }
  checkFunction('isRefusal', isRefusal);
  checkFunction('onEvent', options.onEvent);
  checkFunction('clock.monotonicMs', options.clock?.monotonicMs, options.clock !== undefined);
  checkFunction('clock.setTimer', options.clock?.setTimer, options.clock !== undefined);
  if (adaptive && isRefusal === undefined) {
    throw new TypeError('ratelimit: `adaptive` needs `isRefusal`, got undefined');
  }
  return {
    limit,
    windowMs,
    maxConcurrent: checkConcurrency(options.maxConcurrent),
    maxQueue,
    queueTimeoutMs: checkWait('queueTimeoutMs', options.queueTimeoutMs, 30_000),
    isRefusal: isRefusal ?? (() => false),
    adaptive,
    roundTripCredit,
    clock: options.clock ?? systemClock,
    onEvent: createEventSink(options.onEvent),
  };
}

function checkFunction(name: string, value: unknown, isNeeded = false): void {
  if (typeof value === 'function' || (value === undefined && !isNeeded)) return;
  throw new TypeError(`ratelimit: \`${name}\` must be a function, got ${inspect(value, { depth: 0 })}`);
}

function checkConcurrency(value: RateLimiterOptions['maxConcurrent']): () => number {
  if (typeof value === 'function') return () => orOne(value);
  if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
    throw new RangeError(`ratelimit: \`maxConcurrent\` must be an integer >= 1, got ${String(value)}`);
  }
  return () => value ?? Infinity;
}

/** It is asked by timers and by the ends of other tasks, too, where nobody could hear of its error. */
function orOne(ask: () => number): number {
  try {
    return ask();
  } catch {
    return 1;
  }
}

/** A bound of milliseconds, 0 or more; `Infinity` is none. Without a default there has to be one. */
export function checkWait(name: string, value: number | undefined, byDefault?: number): number {
  if (value === undefined && byDefault !== undefined) return byDefault;
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new RangeError(`ratelimit: \`${name}\` must be a number of milliseconds >= 0, got ${String(value)}`);
  }
  return value;
}

/** @throws TypeError when it is none, such as an AbortController in place of its signal. */
export function checkSignal(signal: AbortSignal): void {
  if (typeof signal?.addEventListener === 'function') return;
  throw new TypeError(`ratelimit: \`signal\` must be an AbortSignal, got ${inspect(signal, { depth: 0 })}`);
}
