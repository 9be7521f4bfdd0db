import { describe, expect, test } from 'vitest';
import { CircuitOpenError, createCircuitBreaker } from '../src/index.ts';
import { type Callers, call, createHalfOpen, createTask, failure, succeed } from './harness.ts';

/** The different `retryAfterMs` that the rejected callers were told. */
async function waits(callers: Callers): Promise<readonly unknown[]> {
  const told = (await callers.rejected()).map((error) =>
    error instanceof CircuitOpenError ? error.retryAfterMs : error,
  );
  return [...new Set(told)];
}

describe('B1: 1,000 callers at a half-open circuit', () => {
  function createCrowd() {
    const circuit = createHalfOpen({ probeTimeoutMs: 300 });
    const probe = createTask();
    return { ...circuit, probe, callers: call(circuit.breaker, 1_000, probe.run) };
  }

  test('one is the probe, and the others are rejected while it runs', async () => {
    const { breaker, probe, callers, advance } = createCrowd();
    expect([callers.ran, await waits(callers)]).toEqual([1, [300]]);
    expect(await callers.rejected()).toHaveLength(999);
    expect(breaker.stats()).toMatchObject({ state: 'HALF_OPEN', probes: 1, retryAfterMs: 300 });
    advance(299);
    const more = call(breaker, 1_000, probe.run);
    expect([more.ran, await waits(more)]).toEqual([0, [1]]);
  });

  test('the service is well again: one reached it, and it is closed for all who come then', async () => {
    const { breaker, probe, callers } = createCrowd();
    probe.resolve('up');
    await callers.ended();
    expect(callers.ran).toBe(1);
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 0, probes: 0, retryAfterMs: 0 });
    expect(call(breaker, 1_000, succeed).ran).toBe(1_000);
  });

  test('the service is still down: one reached it, and it has its full rest again', async () => {
    const { breaker, probe, callers, advance } = createCrowd();
    advance(200);
    probe.reject(failure);
    await callers.ended();
    expect(callers.ran).toBe(1);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', probes: 0, retryAfterMs: 1_000 });
    advance(999);
    const early = call(breaker, 1_000, succeed);
    expect([early.ran, await waits(early)]).toEqual([0, [1]]);
    advance(1);
    expect(call(breaker, 1_000, succeed).ran).toBe(1);
  });

  test.each(['resolve', 'reject'] as const)(
    'the service hangs: one reached it, it rests from the end of the probe on, and a late %s changes nothing',
    async (end) => {
      const { breaker, probe, callers, advance } = createCrowd();
      advance(300);
      const second = call(breaker, 1_000, succeed);
      expect([callers.ran, second.ran, await waits(second)]).toEqual([1, 0, [1_000]]);
      expect(breaker.stats()).toMatchObject({ state: 'OPEN', probes: 0, retryAfterMs: 1_000 });

      probe[end]('late');
      await callers.ended();
      advance(400);
      const third = call(breaker, 1_000, succeed);
      expect([third.ran, await waits(third)]).toEqual([0, [600]]);

      advance(600);
      const fourth = call(breaker, 1_000, succeed);
      await fourth.ended();
      expect([fourth.ran, breaker.state]).toEqual([1, 'CLOSED']);
    },
  );

  test('nobody came while the service hung: it rests from the end of the probe on all the same', () => {
    const { breaker, advance } = createCrowd();
    advance(300 + 250);
    expect(breaker.stats()).toMatchObject({ state: 'OPEN', retryAfterMs: 750 });
  });
});

describe('a clock', () => {
  /** Each look at it takes a millisecond. */
  function createTickingClock(nowMs: number) {
    return {
      monotonicMs() {
        nowMs += 1;
        return nowMs;
      },
    };
  }

  test.each([
    ['a rest ends', { openMs: 1_000, probeTimeoutMs: 60_000 }],
    ['the time of a probe ends', { openMs: 500, probeTimeoutMs: 1_000 }],
  ])('that ticks between two looks lets no second caller through when %s', (_, options) => {
    for (const fromMs of [0, 1]) {
      const breaker = createCircuitBreaker({ ...options, clock: createTickingClock(fromMs) });
      breaker.open();
      let ran = 0;
      for (let n = 0; n < 1_900; n += 1) ran += call(breaker, 1, createTask().run).ran;
      expect(ran).toBe(1);
    }
  });

  test('that rounds lets no second caller through', () => {
    for (let n = 0; n < 1_000; n += 1) {
      const sinceMs = n * 0.1;
      let nowMs = sinceMs;
      const breaker = createCircuitBreaker({ openMs: 0.3, probeTimeoutMs: 60, clock: { monotonicMs: () => nowMs } });
      breaker.open();
      let ran = 0;
      for (const ms of [0.1, 0.2, 0.3, 0.4, 0.5]) {
        nowMs = sinceMs + ms;
        ran += call(breaker, 2, createTask().run).ran;
      }
      expect(ran).toBe(1);
    }
  });

  test('that stands still ends nothing: the probe alone decides', async () => {
    const { breaker } = createHalfOpen({ probeTimeoutMs: 1 });
    const probe = createTask();
    const first = call(breaker, 1_000, probe.run);
    const second = call(breaker, 1_000, probe.run);
    expect([first.ran, second.ran, await waits(first), await waits(second)]).toEqual([1, 0, [1], [1]]);
    probe.reject(failure);
    await first.ended();
    const third = call(breaker, 1_000, succeed);
    expect([breaker.state, third.ran, await waits(third)]).toEqual(['OPEN', 0, [1_000]]);
  });
});
