import { CircuitOpenError } from './circuit-open-error.ts';
import { type CircuitBreakerOptions, checkOptions } from './options.ts';
import type { CircuitBreaker } from './ports.ts';

/** How a task ended. What is no failure is `'neither'`. */
type Outcome = 'success' | 'failure' | 'neither';

/** Notes how a task ended, and passes it on. */
interface Call {
  readonly onResult: <T>(result: T) => T;
  readonly onError: (error: unknown) => never;
}

interface Closed {
  readonly state: 'CLOSED';
  /** Of every call in this phase, so that none is made for each. */
  readonly call: Call;
  failures: number;
}

interface Open {
  readonly state: 'OPEN';
  readonly endMs: number;
}

interface HalfOpen {
  readonly state: 'HALF_OPEN';
  /** Those that run, the oldest first. */
  readonly probes: Set<{ readonly endMs: number }>;
  successes: number;
}

/**
 * Opens after `failureThreshold` failures in a row, rejects calls for `openMs`, then lets `halfOpenProbes` probes through
 * and closes or opens again by what becomes of them. It has no timers: it looks at the clock when somebody asks.
 *
 * @throws RangeError, TypeError naming the option that is wrong.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const { failureThreshold, openMs, halfOpenProbes, probeTimeoutMs, isFailure, clock, onEvent } = checkOptions(options);
  /** Each change makes a new one, so a result that belongs to an earlier one is known by it, and ignored. */
  let phase: Closed | Open | HalfOpen = createClosed();

  function createClosed(): Closed {
    const closed: Closed = {
      state: 'CLOSED',
      call: createCall((outcome) => {
        if (closed !== phase || outcome === 'neither') return;
        closed.failures = outcome === 'success' ? 0 : closed.failures + 1;
        if (closed.failures >= failureThreshold) rest(clock.monotonicMs());
      }),
      failures: 0,
    };
    return closed;
  }

  function beginProbe(halfOpen: HalfOpen): Call {
    const probe = { endMs: clock.monotonicMs() + probeTimeoutMs };
    halfOpen.probes.add(probe);
    return createCall((outcome) => {
      // A probe that answers after its time has failed, even if nobody has asked in between.
      moveOn();
      halfOpen.probes.delete(probe);
      if (halfOpen !== phase || outcome === 'neither') return;
      if (outcome === 'failure') return rest(clock.monotonicMs());
      halfOpen.successes += 1;
      if (halfOpen.successes === halfOpenProbes) enter(createClosed());
    });
  }

  function createCall(settle: (outcome: Outcome) => void): Call {
    return {
      onResult(result) {
        settle('success');
        return result;
      },
      onError(error) {
        settle(isFailure(error) ? 'failure' : 'neither');
        throw error;
      },
    };
  }

  function enter(next: Closed | Open | HalfOpen): void {
    const isChange = next.state !== phase.state;
    phase = next;
    if (isChange) onEvent({ type: 'state', state: next.state });
  }

  function rest(sinceMs: number): void {
    enter({ state: 'OPEN', endMs: sinceMs + openMs });
  }

  /**
   * Moves on with the clock, and says how long a call has to wait. One look at the clock decides both: between two of
   * them a rest could end, and let a call through that is no probe.
   */
  function moveOn(): number {
    if (phase.state === 'CLOSED') return 0;
    const nowMs = clock.monotonicMs();
    const [oldest] = phase.state === 'HALF_OPEN' ? phase.probes : [];
    if (oldest !== undefined && nowMs >= oldest.endMs) rest(oldest.endMs);
    if (phase.state === 'OPEN' && nowMs >= phase.endMs) enter({ state: 'HALF_OPEN', probes: new Set(), successes: 0 });
    return waitMs(nowMs);
  }

  function waitMs(nowMs: number): number {
    if (phase.state === 'OPEN') return phase.endMs - nowMs;
    if (phase.state === 'CLOSED' || phase.probes.size + phase.successes < halfOpenProbes) return 0;
    const [oldest] = phase.probes;
    return oldest === undefined ? 0 : oldest.endMs - nowMs;
  }

  return {
    get state() {
      moveOn();
      return phase.state;
    },
    execute(task) {
      const retryAfterMs = moveOn();
      if (phase.state === 'OPEN' || retryAfterMs > 0) return turnAway(new CircuitOpenError(retryAfterMs));
      const { onResult, onError } = phase.state === 'CLOSED' ? phase.call : beginProbe(phase);
      return start(task).then(onResult, onError);
    },
    assertClosed() {
      const retryAfterMs = moveOn();
      if (retryAfterMs > 0) throw new CircuitOpenError(retryAfterMs);
    },
    open() {
      rest(clock.monotonicMs());
    },
    reset() {
      enter(createClosed());
    },
    stats() {
      const retryAfterMs = moveOn();
      return {
        state: phase.state,
        failures: phase.state === 'CLOSED' ? phase.failures : 0,
        failureThreshold,
        probes: phase.state === 'HALF_OPEN' ? phase.probes.size : 0,
        retryAfterMs,
      };
    },
  };
}

/** What it throws at once is a rejection, too. */
function start<T>(task: () => Promise<T>): Promise<T> {
  try {
    return Promise.resolve(task());
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Rejects one turn later, when the caller has a handler on it: Node takes note of a promise that is rejected without one,
 * and strikes it out again, which costs more than the error.
 */
function turnAway(error: CircuitOpenError): Promise<never> {
  return new Promise((_, reject) => {
    Promise.resolve().then(() => reject(error));
  });
}
