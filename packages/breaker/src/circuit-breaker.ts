import { CircuitOpenError } from './circuit-open-error.ts';
import { type CircuitBreakerOptions, checkOptions } from './options.ts';
import type { CircuitBreaker } from './ports.ts';

interface Probe {
  readonly startedMs: number;
}

/** Each change makes a new phase, so a result that belongs to an earlier one is known by its phase, and ignored. */
type Phase =
  | { readonly state: 'CLOSED'; failures: number }
  | { readonly state: 'OPEN'; readonly sinceMs: number }
  | { readonly state: 'HALF_OPEN'; readonly probes: Set<Probe>; successes: number };

/**
 * Opens after `failureThreshold` failures in a row, rejects calls for `openMs`, then lets `halfOpenProbes` probes through
 * and closes or opens again by what becomes of them. It has no timers: it looks at the clock when somebody asks.
 *
 * @throws RangeError naming the option that is wrong.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const { failureThreshold, openMs, halfOpenProbes, probeTimeoutMs, isFailure, clock, onEvent } = checkOptions(options);
  let phase: Phase = { state: 'CLOSED', failures: 0 };

  function enter(next: Phase): void {
    const isChange = next.state !== phase.state;
    phase = next;
    if (isChange) onEvent({ type: 'state', state: next.state });
  }

  function moveOn(): Phase {
    if (phase.state === 'HALF_OPEN') {
      const [oldest] = phase.probes;
      const endMs = oldest === undefined ? Infinity : oldest.startedMs + probeTimeoutMs;
      if (clock.monotonicMs() >= endMs) enter({ state: 'OPEN', sinceMs: endMs });
    }
    if (phase.state === 'OPEN' && clock.monotonicMs() - phase.sinceMs >= openMs) {
      enter({ state: 'HALF_OPEN', probes: new Set(), successes: 0 });
    }
    return phase;
  }

  function retryAfterMs(at: Phase): number {
    if (at.state === 'OPEN') return at.sinceMs + openMs - clock.monotonicMs();
    if (at.state === 'CLOSED' || at.probes.size + at.successes < halfOpenProbes) return 0;
    const [oldest] = at.probes;
    return oldest === undefined ? 0 : oldest.startedMs + probeTimeoutMs - clock.monotonicMs();
  }

  function admit(): Phase {
    const at = moveOn();
    const waitMs = retryAfterMs(at);
    if (waitMs > 0) throw new CircuitOpenError(waitMs);
    return at;
  }

  function beginProbe(at: Phase): () => void {
    if (at.state !== 'HALF_OPEN') return () => {};
    const probe: Probe = { startedMs: clock.monotonicMs() };
    at.probes.add(probe);
    return () => {
      // A probe that answers after its time has failed, even if nobody has asked in between.
      moveOn();
      at.probes.delete(probe);
    };
  }

  function succeed(at: Phase): void {
    if (at !== phase) return;
    if (at.state === 'CLOSED') at.failures = 0;
    else if (at.state === 'HALF_OPEN') {
      at.successes += 1;
      if (at.successes === halfOpenProbes) enter({ state: 'CLOSED', failures: 0 });
    }
  }

  function fail(at: Phase): void {
    if (at !== phase) return;
    if (at.state === 'CLOSED') at.failures += 1;
    if (at.state === 'HALF_OPEN' || (at.state === 'CLOSED' && at.failures >= failureThreshold)) {
      enter({ state: 'OPEN', sinceMs: clock.monotonicMs() });
    }
  }

  return {
    get state() {
      return moveOn().state;
    },
    async execute(task) {
      const at = admit();
      const endProbe = beginProbe(at);
      try {
        const result = await task();
        endProbe();
        succeed(at);
        return result;
      } catch (error) {
        endProbe();
        if (isFailure(error)) fail(at);
        throw error;
      }
    },
    assertClosed() {
      admit();
    },
    open() {
      enter({ state: 'OPEN', sinceMs: clock.monotonicMs() });
    },
    reset() {
      enter({ state: 'CLOSED', failures: 0 });
    },
    stats() {
      const at = moveOn();
      return {
        state: at.state,
        failures: at.state === 'CLOSED' ? at.failures : 0,
        probes: at.state === 'HALF_OPEN' ? at.probes.size : 0,
        retryAfterMs: retryAfterMs(at),
      };
    },
  };
}
