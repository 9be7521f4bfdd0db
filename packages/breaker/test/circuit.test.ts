import { describe, expect, test, vi } from 'vitest';
import { CircuitOpenError, createCircuitBreaker } from '../src/index.ts';
import { createCircuit, createHalfOpen, createTask, fail, failure, leave, succeed } from './harness.ts';

describe('a closed circuit', () => {
  test('gives what the task gives and throws what it throws', async () => {
    const { breaker } = createCircuit();
    await expect(breaker.execute(succeed)).resolves.toBe('up');
    await expect(breaker.execute(fail)).rejects.toBe(failure);
  });

  test('opens at the fifth failure in a row', async () => {
    const { breaker, failTimes } = createCircuit();
    await failTimes(4);
    expect(breaker.stats()).toEqual({ state: 'CLOSED', failures: 4, failureThreshold: 5, probes: 0, retryAfterMs: 0 });
    await failTimes(1);
    expect(breaker.stats()).toEqual({
      state: 'OPEN',
      failures: 0,
      failureThreshold: 5,
      probes: 0,
      retryAfterMs: 1_000,
    });
  });

  test('says how many failures it bears, and how many of them it has seen', async () => {
    const { breaker, failTimes } = createCircuit({ failureThreshold: 3 });
    await failTimes(2);
    expect(breaker.stats()).toMatchObject({ failures: 2, failureThreshold: 3 });
  });

  test('does not look at the clock until it opens', async () => {
    const monotonicMs = vi.fn(() => 0);
    const { breaker, failTimes } = createCircuit({ clock: { monotonicMs } });
    await breaker.execute(succeed);
    await failTimes(4);
    breaker.assertClosed();
    expect([breaker.state, breaker.stats().failures]).toEqual(['CLOSED', 4]);
    expect(monotonicMs).not.toHaveBeenCalled();
    await failTimes(1);
    expect(monotonicMs).toHaveBeenCalledOnce();
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
    await breaker.execute(leave).catch(() => {});
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
  test('with three probes it closes when all three have succeeded', async () => {
    const { breaker } = createHalfOpen({ halfOpenProbes: 3 });
    await breaker.execute(succeed);
    await breaker.execute(succeed);
    expect(breaker.state).toBe('HALF_OPEN');
    await breaker.execute(succeed);
    expect(breaker.state).toBe('CLOSED');
  });

  test('with three probes it opens when one of them fails', async () => {
    const { breaker, failTimes } = createHalfOpen({ halfOpenProbes: 3 });
    await breaker.execute(succeed);
    await failTimes(1);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', retryAfterMs: 1_000 });
  });

  test('with three probes it waits for the one that hangs, no longer than its time, and opens', async () => {
    const { breaker, advance } = createHalfOpen({ halfOpenProbes: 3, probeTimeoutMs: 300 });
    const hanging = createTask();
    const call = breaker.execute(hanging.run);
    advance(100);
    await breaker.execute(succeed);
    await breaker.execute(succeed);
    await expect(breaker.execute(succeed)).rejects.toMatchObject({ retryAfterMs: 200 });
    advance(200);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', probes: 0, retryAfterMs: 1_000 });
    hanging.resolve('late');
    await call;
    expect(breaker.state).toBe('OPEN');
  });

  test('a probe in its time does not save one that is over its time', async () => {
    const { breaker, advance } = createHalfOpen({ halfOpenProbes: 2, probeTimeoutMs: 300 });
    const [hanging, slow] = [createTask(), createTask()];
    const calls = [breaker.execute(hanging.run)];
    advance(200);
    calls.push(breaker.execute(slow.run));
    advance(200);
    slow.resolve('in time');
    hanging.resolve('late');
    await Promise.all(calls);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', retryAfterMs: 900 });
  });

  test('a probe that is no failure and no success makes room for the next one', async () => {
    const { breaker } = createHalfOpen();
    await breaker.execute(leave).catch(() => {});
    expect(breaker.stats()).toMatchObject({ state: 'HALF_OPEN', probes: 0, retryAfterMs: 0 });
    await breaker.execute(succeed);
    expect(breaker.state).toBe('CLOSED');
  });

  test('asking whether it is closed takes no probe, and is refused while one runs', async () => {
    const { breaker } = createHalfOpen({ probeTimeoutMs: 300 });
    for (let n = 0; n < 9; n += 1) breaker.assertClosed();
    const probe = createTask();
    const call = breaker.execute(probe.run);
    expect(() => breaker.assertClosed()).toThrow(expect.objectContaining({ retryAfterMs: 300 }));
    probe.resolve('up');
    await call;
    breaker.assertClosed();
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

  test('`isFailure` must be a function', () => {
    const options = { isFailure: 'AbortError' as unknown as () => boolean };
    const message = 'breaker: `isFailure` must be a function, got AbortError';
    expect(() => createCircuitBreaker(options)).toThrow(new TypeError(message));
  });
});
