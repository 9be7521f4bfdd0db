import { describe, expect, test, vi } from 'vitest';
import { type CircuitBreaker, createCircuitBreaker } from '../src/index.ts';
import { call, createCircuit, createHalfOpen, createTask, fail, failure, succeed } from './harness.ts';

describe('a task', () => {
  const throwAtOnce = (): Promise<string> => {
    throw failure;
  };

  test('that throws at once is a rejection and a failure like any other', async () => {
    const { breaker } = createCircuit({ failureThreshold: 1 });
    const result = breaker.execute(throwAtOnce);
    await expect(result).rejects.toBe(failure);
    expect(breaker.state).toBe('OPEN');
  });

  test('that throws at once as the probe gives its place back', async () => {
    const { breaker, advance } = createHalfOpen();
    await breaker.execute(throwAtOnce).catch(() => {});
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', probes: 0 });
    advance(1_000);
    await expect(breaker.execute(succeed)).resolves.toBe('up');
    expect(breaker.state).toBe('CLOSED');
  });

  test('may give what is no promise, or a promise of another make', async () => {
    const { breaker } = createCircuit({ failureThreshold: 1 });
    await expect(breaker.execute((() => 'up') as unknown as () => Promise<string>)).resolves.toBe('up');
    // biome-ignore lint/suspicious/noThenProperty: it is what is shown.
    const thenable = { then: (_: unknown, reject: (error: unknown) => void) => reject(failure) };
    await expect(breaker.execute((() => thenable) as unknown as () => Promise<string>)).rejects.toBe(failure);
    expect(breaker.state).toBe('OPEN');
  });

  test('may ask the breaker again: a probe within a probe is rejected', async () => {
    const { breaker } = createHalfOpen();
    const inner = vi.fn(succeed);
    const result = breaker.execute(() => breaker.execute(inner).catch(({ code }) => code));
    await expect(result).resolves.toBe('ERR_CIRCUIT_OPEN');
    expect(inner).not.toHaveBeenCalled();
  });
});

describe('isFailure', () => {
  const isFailure = () => {
    throw new Error('of isFailure');
  };

  test("that throws hides no task's own error, and the failure counts", async () => {
    const { breaker } = createCircuit({ failureThreshold: 2, isFailure });
    await expect(breaker.execute(fail)).rejects.toBe(failure);
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 1 });
    await expect(breaker.execute(fail)).rejects.toBe(failure);
    expect(breaker.state).toBe('OPEN');
  });

  test('that throws loses no probe', async () => {
    const { breaker, advance } = createHalfOpen({ isFailure });
    await expect(breaker.execute(fail)).rejects.toBe(failure);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', probes: 0, retryAfterMs: 1_000 });
    advance(1_000);
    await breaker.execute(succeed);
    expect(breaker.state).toBe('CLOSED');
  });

  test('that resets the breaker makes the failure one of an earlier state', async () => {
    const { breaker } = createCircuit({
      failureThreshold: 1,
      isFailure() {
        breaker.reset();
        return true;
      },
    });
    await expect(breaker.execute(fail)).rejects.toBe(failure);
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 0 });
  });
});

describe('a listener', () => {
  function createListened(onState: (breaker: CircuitBreaker, state: string) => void) {
    let nowMs = 0;
    const states: string[] = [];
    const breaker: CircuitBreaker = createCircuitBreaker({
      failureThreshold: 1,
      openMs: 1_000,
      probeTimeoutMs: 300,
      clock: { monotonicMs: () => nowMs },
      onEvent({ state }) {
        states.push(state);
        onState(breaker, state);
      },
    });
    return {
      breaker,
      states,
      advance: (ms: number) => {
        nowMs += ms;
      },
    };
  }

  test('sees the state that it is told of', async () => {
    const seen: string[] = [];
    const { breaker, states, advance } = createListened(({ state }) => seen.push(state));
    await breaker.execute(fail).catch(() => {});
    advance(1_000);
    await breaker.execute(succeed);
    expect(states).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
    expect(seen).toEqual(states);
  });

  test('that resets it when it opens has the last word', async () => {
    const { breaker, states } = createListened((it, state) => state === 'OPEN' && it.reset());
    await expect(breaker.execute(fail)).rejects.toBe(failure);
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 0, retryAfterMs: 0 });
    expect(states).toEqual(['OPEN', 'CLOSED']);
    await expect(breaker.execute(succeed)).resolves.toBe('up');
  });

  test('that opens it when it is half open has the last word, and no caller slips through', async () => {
    const { breaker, states, advance } = createListened((it, state) => state === 'HALF_OPEN' && it.open());
    breaker.open();
    advance(1_000);
    const task = vi.fn(succeed);
    await expect(breaker.execute(task)).rejects.toMatchObject({ retryAfterMs: 1_000 });
    expect(task).not.toHaveBeenCalled();
    expect(states).toEqual(['OPEN', 'HALF_OPEN', 'OPEN']);
  });

  test('that calls when it is half open is the probe, and who woke it is rejected', async () => {
    const probe = createTask();
    let ofListener: Promise<string> | undefined;
    const { breaker, advance } = createListened((it, state) => {
      if (state === 'HALF_OPEN') ofListener = it.execute(probe.run);
    });
    breaker.open();
    advance(1_000);
    const callers = call(breaker, 9, probe.run);
    expect(callers.ran).toBe(0);
    expect(await callers.rejected()).toHaveLength(9);
    probe.resolve('up');
    await expect(ofListener).resolves.toBe('up');
    expect(breaker.state).toBe('CLOSED');
  });

  test('that resets it when the time of a probe is over makes its late end one of an earlier state', async () => {
    let isListening = false;
    const { breaker, advance } = createListened((it, state) => isListening && state === 'OPEN' && it.reset());
    breaker.open();
    advance(1_000);
    const probe = createTask();
    const result = breaker.execute(probe.run);
    advance(300);
    isListening = true;
    probe.reject(failure);
    await expect(result).rejects.toBe(failure);
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 0, probes: 0 });
  });
});
