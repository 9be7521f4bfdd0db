import { describe, expect, test, vi } from 'vitest';
import { type CircuitBreakerOptions, CircuitOpenError, createCircuitBreaker } from '../src/index.ts';

const failure = new Error('down');
const fail = () => Promise.reject(failure);
const succeed = async () => 'up';

/** A task that ends when told to. */
function createTask() {
  let resolve = (_: string) => {};
  let reject = (_: unknown) => {};
  const promise = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { run: () => promise, resolve, reject };
}

function createCircuit(options: CircuitBreakerOptions = {}) {
  let nowMs = 5_000;
  const breaker = createCircuitBreaker({ openMs: 1_000, ...options, clock: { monotonicMs: () => nowMs } });
  return {
    breaker,
    advance: (ms: number) => {
      nowMs += ms;
    },
    failTimes: async (times: number) => {
      for (let n = 0; n < times; n += 1) await breaker.execute(fail).catch(() => {});
    },
  };
}

describe('a closed circuit', () => {
  test('gives what the task gives and throws what it throws', async () => {
    const { breaker } = createCircuit();
    await expect(breaker.execute(succeed)).resolves.toBe('up');
    await expect(breaker.execute(fail)).rejects.toBe(failure);
  });

  test('opens at the fifth failure in a row', async () => {
    const { breaker, failTimes } = createCircuit();
    await failTimes(4);
    expect(breaker.stats()).toEqual({ state: 'CLOSED', failures: 4, probes: 0, retryAfterMs: 0 });
    await failTimes(1);
    expect(breaker.stats()).toEqual({ state: 'OPEN', failures: 0, probes: 0, retryAfterMs: 1_000 });
  });

  test('a success between them begins the count anew', async () => {
    const { breaker, failTimes } = createCircuit({ failureThreshold: 2 });
    await failTimes(1);
    await breaker.execute(succeed);
    await failTimes(1);
    expect(breaker.state).toBe('CLOSED');
  });

  test('what is no failure counts neither way', async () => {
    const { breaker, failTimes } = createCircuit({ failureThreshold: 2, isFailure: (error) => error === failure });
    await failTimes(1);
    for (let n = 0; n < 9; n += 1) await breaker.execute(() => Promise.reject('refused')).catch(() => {});
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 1 });
    await failTimes(1);
    expect(breaker.state).toBe('OPEN');
  });

  test("a caller's abort is no failure unless one says so", async () => {
    const { breaker } = createCircuit({ failureThreshold: 1 });
    await breaker.execute(() => Promise.reject(new DOMException('left', 'AbortError'))).catch(() => {});
    expect(breaker.state).toBe('CLOSED');
  });
});

describe('an open circuit', () => {
  test('rejects without running, and says when to come back', async () => {
    const { breaker, advance, failTimes } = createCircuit({ failureThreshold: 1 });
    await failTimes(1);
    advance(400);
    const task = vi.fn(succeed);
    await expect(breaker.execute(task)).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN', retryAfterMs: 600 });
    expect(() => breaker.assertClosed()).toThrow(CircuitOpenError);
    expect(task).not.toHaveBeenCalled();
  });

  test('is half open after its rest, whether somebody calls or not', async () => {
    const { breaker, advance, failTimes } = createCircuit({ failureThreshold: 1 });
    await failTimes(1);
    advance(999);
    expect(breaker.state).toBe('OPEN');
    advance(1);
    expect(breaker.state).toBe('HALF_OPEN');
    expect(() => breaker.assertClosed()).not.toThrow();
  });

  test('can be opened and reset by hand', async () => {
    const { breaker, advance } = createCircuit();
    breaker.open();
    advance(500);
    breaker.open();
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', retryAfterMs: 1_000 });
    breaker.reset();
    await expect(breaker.execute(succeed)).resolves.toBe('up');
  });
});

describe('a half-open circuit', () => {
  async function createHalfOpen(options: CircuitBreakerOptions = {}) {
    const circuit = createCircuit({ failureThreshold: 1, ...options });
    await circuit.failTimes(1);
    circuit.advance(1_000);
    return circuit;
  }

  test('lets one probe through and rejects the other 999 callers at once', async () => {
    const { breaker } = await createHalfOpen({ probeTimeoutMs: 300 });
    const probe = createTask();
    let ran = 0;
    const calls = Array.from({ length: 1_000 }, () =>
      breaker.execute(() => {
        ran += 1;
        return probe.run();
      }),
    );
    const settled = Promise.allSettled(calls);
    probe.resolve('up');
    const rejected = (await settled).filter((it) => it.status === 'rejected').map((it) => it.reason);
    expect(ran).toBe(1);
    expect(rejected).toHaveLength(999);
    expect(rejected[0]).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', retryAfterMs: 300 });
    expect(breaker.state).toBe('CLOSED');
  });

  test('a failed probe opens it for a full rest', async () => {
    const { breaker, failTimes } = await createHalfOpen();
    await failTimes(1);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', retryAfterMs: 1_000 });
  });

  test('with three probes it closes when all three have succeeded', async () => {
    const { breaker } = await createHalfOpen({ halfOpenProbes: 3 });
    await breaker.execute(succeed);
    await breaker.execute(succeed);
    expect(breaker.state).toBe('HALF_OPEN');
    await breaker.execute(succeed);
    expect(breaker.state).toBe('CLOSED');
  });

  test('a probe that is no failure and no success makes room for the next one', async () => {
    const { breaker } = await createHalfOpen();
    await breaker.execute(() => Promise.reject(new DOMException('left', 'AbortError'))).catch(() => {});
    expect(breaker.stats()).toMatchObject({ state: 'HALF_OPEN', probes: 0 });
    await breaker.execute(succeed);
    expect(breaker.state).toBe('CLOSED');
  });

  test('a probe that hangs has failed when its time is over, and its late success is ignored', async () => {
    const { breaker, advance } = await createHalfOpen({ probeTimeoutMs: 300 });
    const hanging = createTask();
    const probe = breaker.execute(hanging.run);
    advance(300);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', retryAfterMs: 1_000 });
    hanging.resolve('late');
    await expect(probe).resolves.toBe('late');
    expect(breaker.state).toBe('OPEN');
  });

  test('a slow failure from before it opened is ignored', async () => {
    const { breaker, advance, failTimes } = createCircuit({ failureThreshold: 1 });
    const slow = createTask();
    const call = breaker.execute(slow.run);
    await failTimes(1);
    advance(1_000);
    expect(breaker.state).toBe('HALF_OPEN');
    slow.reject(failure);
    await expect(call).rejects.toBe(failure);
    expect(breaker.state).toBe('HALF_OPEN');
  });
});

describe('events', () => {
  test('tell of each change of state; what a listener throws harms nobody', async () => {
    const states: string[] = [];
    const { breaker, advance, failTimes } = createCircuit({
      failureThreshold: 1,
      onEvent: ({ state }) => {
        states.push(state);
        throw new Error('of the listener');
      },
    });
    await failTimes(1);
    advance(1_000);
    await expect(breaker.execute(succeed)).resolves.toBe('up');
    breaker.reset();
    expect(states).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
  });
});

describe('misuse', () => {
  test.each([
    [{ failureThreshold: 0 }, 'breaker: `failureThreshold` must be an integer >= 1, got 0'],
    [{ openMs: -1 }, 'breaker: `openMs` must be a number of milliseconds > 0, got -1'],
    [{ halfOpenProbes: 1.5 }, 'breaker: `halfOpenProbes` must be an integer >= 1, got 1.5'],
    [{ probeTimeoutMs: Number.NaN }, 'breaker: `probeTimeoutMs` must be a number of milliseconds > 0, got NaN'],
  ])('%o is refused by name and value', (options, message) => {
    expect(() => createCircuitBreaker(options)).toThrow(new RangeError(message));
  });
});
