import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimiter, type Priority } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

const refusal = new Error('too many calls');

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('call' as const),
      priority: fc.constantFrom<Priority>('order', 'account', 'quote'),
      timeoutMs: fc.constantFrom(undefined, Infinity, 0, 40, 300, 2_000),
      takesMs: fc.constantFrom(0, 20, 150),
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'refused', 'failed', 'throws'),
      underSignal: fc.constantFrom(-1, -1, 0, 1),
      isRepeat: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.constantFrom(1, 30, 100, 500) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('block' as const), ms: fc.constantFrom(50, 900) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('abort' as const), signal: fc.constantFrom(0, 1) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('penalize' as const), ms: fc.constantFrom(10, 400) }) },
);

test('whatever callers do, every call settles as it should, no window holds more than the limit, and nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.record({
        limit: fc.integer({ min: 1, max: 4 }),
        maxConcurrent: fc.constantFrom(undefined, 1, 2),
        maxQueue: fc.constantFrom(undefined, 3),
        adaptive: fc.boolean(),
        drain: fc.boolean(),
      }),
      async (steps, { limit, maxConcurrent, maxQueue, adaptive, drain }) => {
        const clock = createManualClock();
        const windowMs = 100;
        const isRefusal = (error: unknown) => error === refusal;
        const limiter = createRateLimiter({ limit, windowMs, maxConcurrent, maxQueue, adaptive, isRefusal, clock });
        const controllers = [new AbortController(), new AbortController()];
        /** The spans in which a call may have arrived. */
        const spans: { readonly fromMs: number; toMs: number }[] = [];
        const calls: Promise<void>[] = [];

        for (const it of steps) {
          if (it.type === 'pass') await clock.advance(it.ms);
          else if (it.type === 'block') clock.block(it.ms);
          else if (it.type === 'penalize') limiter.penalize({ pauseMs: it.ms });
          else if (it.type === 'abort') controllers[it.signal]?.abort('left');
          else {
            const { priority, timeoutMs, takesMs, outcome, isRepeat } = it;
            const signal = controllers[it.underSignal]?.signal;
            const askedMs = clock.monotonicMs();
            let hasRun = false;
            const task = (): Promise<string> => {
              if (outcome === 'throws') throw new Error('not begun');
              hasRun = true;
              const startMs = clock.monotonicMs();
              expect(startMs - askedMs).toBeLessThanOrEqual((timeoutMs ?? 30_000) + 1);
              const span = { fromMs: startMs, toMs: Infinity };
              spans.push(span);
              return new Promise((resolve, reject) => {
                clock.setTimer(takesMs, () => {
                  span.toMs = clock.monotonicMs();
                  if (outcome === 'ok') resolve('ok');
                  else reject(outcome === 'refused' ? refusal : new Error('failed'));
                });
              });
            };
            calls.push(
              limiter.execute(task, { signal, timeoutMs, priority, isRepeat }).then(
                (value) => expect([value, hasRun]).toEqual(['ok', true]),
                (error) => {
                  if (error === refusal || error.message === 'failed') expect(hasRun).toBe(true);
                  else if (error.message === 'not begun') expect(outcome).toBe('throws');
                  else if (error === 'left') expect([signal?.aborted, hasRun]).toEqual([true, false]);
                  else expect([error.code, hasRun]).toEqual(['ERR_RATE_LIMIT', false]);
                },
              ),
            );
          }
        }
        const closed = limiter.close({ drain });
        await clock.advance(60_000);
        await Promise.all([...calls, closed]);

        // Had each call arrived at the last possible moment, a window later there is room again.
        for (const { fromMs } of spans) {
          const inWindow = spans.filter((other) => other.fromMs <= fromMs && other.toMs > fromMs - windowMs * 0.999);
          // No credit is given before twenty replies; after that it is less than the smallest round trip.
          if (spans.length < 20) expect(inWindow.length).toBeLessThanOrEqual(limit);
        }
        expect(clock.timers).toBe(0);
        expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
        expect(limiter.stats()).toMatchObject({ waiting: 0, inFlight: 0 });
      },
    ),
    { numRuns: 300 },
  );
});
