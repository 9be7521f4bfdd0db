import type { Gate } from '../gate.ts';
import { createLocalGate } from '../local-gate.ts';
import type { CheckedOptions } from '../options.ts';
import type { RoundTrips } from '../round-trips.ts';

/** What one of so many processes may do by itself. */
export interface LocalShare {
  readonly limit: number;
  readonly windowMs: number;
  readonly gate: Gate<number>;
}

/** A share of a small limit is a longer window. */
export function createLocalShare(
  options: CheckedOptions,
  roundTrips: RoundTrips,
  effectiveLimit: number,
  peers: number,
): LocalShare {
  const limit = Math.max(1, Math.floor(effectiveLimit / peers));
  const windowMs = options.windowMs * (effectiveLimit < peers ? Math.ceil(peers / effectiveLimit) : 1);
  return { limit, windowMs, gate: createLocalGate({ ...options, limit, windowMs }, roundTrips) };
}
