import { createEventSink } from './events.ts';
import type { CircuitEvent, Clock } from './ports.ts';

export interface CircuitBreakerOptions {
  /** How many failures in a row open the circuit. Default 5. */
  readonly failureThreshold?: number | undefined;
  /** How long it stays open. Default 60,000. */
  readonly openMs?: number | undefined;
  /** How many probes may run at once when half open, and how many must succeed to close the circuit. Default 1. */
  readonly halfOpenProbes?: number | undefined;
  /** A probe without an answer for this long has failed. Default: `openMs`. */
  readonly probeTimeoutMs?: number | undefined;
  /**
   * Which rejections count as failures; the others count neither for nor against the service. One for which it throws
   * counts. Default: all but an `AbortError`.
   */
  readonly isFailure?: ((error: unknown) => boolean) | undefined;
  readonly clock?: Clock | undefined;
  /** Told of each change of state. What it throws is ignored. */
  readonly onEvent?: ((event: CircuitEvent) => void) | undefined;
}

export type CheckedOptions = {
  readonly [K in keyof CircuitBreakerOptions]-?: Exclude<CircuitBreakerOptions[K], undefined>;
};

export function checkOptions(options: CircuitBreakerOptions): CheckedOptions {
  const openMs = checkDuration('openMs', options.openMs ?? 60_000);
  return {
    failureThreshold: checkCount('failureThreshold', options.failureThreshold ?? 5),
    openMs,
    halfOpenProbes: checkCount('halfOpenProbes', options.halfOpenProbes ?? 1),
    probeTimeoutMs: checkDuration('probeTimeoutMs', options.probeTimeoutMs ?? openMs),
    isFailure: checkIsFailure(options.isFailure ?? isNoAbort),
    clock: options.clock ?? { monotonicMs: () => performance.now() },
    onEvent: createEventSink(options.onEvent),
  };
}

function isNoAbort(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'AbortError');
}

function checkCount(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`breaker: \`${name}\` must be an integer >= 1, got ${String(value)}`);
  }
  return value;
}

function checkDuration(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`breaker: \`${name}\` must be a number of milliseconds > 0, got ${String(value)}`);
  }
  return value;
}

/** What it throws must not take the place of the task's own error. */
function checkIsFailure(isFailure: (error: unknown) => boolean): (error: unknown) => boolean {
  if (typeof isFailure !== 'function') {
    throw new TypeError(`breaker: \`isFailure\` must be a function, got ${String(isFailure)}`);
  }
  return (error) => {
    try {
      return isFailure(error);
    } catch {
      return true;
    }
  };
}
