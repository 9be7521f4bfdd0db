import type { Gate } from '../gate.ts';
import { createLocalGate } from '../local-gate.ts';
import type { CheckedOptions } from '../options.ts';
import type { RoundTrips } from '../round-trips.ts';
import { graceMs } from './turns.ts';

/** What one of so many processes may do by itself while the budget cannot be reached. */
export interface LocalShare {
  readonly limit: number;
  readonly windowMs: number;
  readonly gate: Gate<number>;
  /** One more question came to nothing. */
  confirm(nowMs: number): void;
}

export interface LocalShareOptions {
  readonly options: CheckedOptions;
  readonly roundTrips: RoundTrips;
  readonly effectiveLimit: number;
  readonly peers: number;
  /** The first question that came to nothing. */
  readonly sinceMs: number;
  /** For how long one that came to nothing tells that the budget is not back; the next one is over by then. */
  readonly trustMs: number;
  /** Tasks that run, by whatever slots. */
  running(): number;
}

/**
 * A share of a small limit is a longer window. It is used as long as questions go on coming to nothing, and not before one
 * did after others could have noticed it: whoever asks a budget that is back sooner finds nobody missing.
 */
export function createLocalShare(given: LocalShareOptions): LocalShare {
  const { options, roundTrips, effectiveLimit, peers, sinceMs, trustMs, running } = given;
  const limit = Math.max(1, Math.floor(effectiveLimit / peers));
  const windowMs = options.windowMs * (effectiveLimit < peers ? Math.ceil(peers / effectiveLimit) : 1);
  const gate = createLocalGate({ ...options, limit, windowMs }, roundTrips);
  let untilMs = -Infinity;

  const mayStart = (nowMs: number): boolean => nowMs < untilMs && running() < limit;

  return {
    limit,
    windowMs,
    gate: {
      ...gate,
      get running() {
        return gate.running;
      },
      isOpen: () => gate.isOpen() && mayStart(options.clock.monotonicMs()),
      hasSlot: (nowMs) => gate.hasSlot(nowMs) && mayStart(nowMs),
      seek: (nowMs) => (mayStart(nowMs) ? gate.seek(nowMs) : Infinity),
    },
    confirm(nowMs) {
      if (nowMs > sinceMs + options.windowMs + graceMs) untilMs = nowMs + trustMs;
    },
  };
}
