import { describe, expect, test, vi } from 'vitest';
import { createRateLimiter } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

describe('a limiter that is called back', () => {
  test('by maxConcurrent, which aborts who would be next, runs nobody whose caller was rejected', async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    let mayAbort = false;
    const maxConcurrent = () => {
      if (mayAbort) controller.abort('left');
      return 9;
    };
    const limiter = createRateLimiter({ limit: 2, maxConcurrent, clock });
    // While nothing runs nobody is asked how much may.
    const running = limiter.execute(() => new Promise((resolve) => void clock.setTimer(5_000, () => resolve('ran'))));
    await limiter.execute(async () => {});
    const ran = vi.fn(async () => {});
    const aborted = limiter.execute(ran, { signal: controller.signal }).catch((error) => error);
    const next = limiter.execute(async () => 'ran');
    mayAbort = true;
    await clock.advance(1_000);
    await clock.advance(5_000);
    await running;
    expect(await aborted).toBe('left');
    expect(await next).toBe('ran');
    expect(ran).not.toHaveBeenCalled();
    expect(limiter.stats()).toMatchObject({ waiting: 0, inFlight: 0 });
    expect(clock.timers).toBe(0);
  });

  test('by maxConcurrent, which closes it, runs nobody and leaves no timer', async () => {
    const clock = createManualClock();
    let mayClose = false;
    const maxConcurrent = () => {
      if (mayClose) {
        mayClose = false;
        limiter.close();
      }
      return 9;
    };
    const limiter = createRateLimiter({ limit: 2, maxConcurrent, clock });
    const running = limiter.execute(() => new Promise((resolve) => void clock.setTimer(5_000, () => resolve('ran'))));
    await limiter.execute(async () => {});
    const waiting = Promise.allSettled([1, 2].map(() => limiter.execute(async () => {})));
    mayClose = true;
    const late = limiter.execute(async () => {}).catch(({ reason }) => reason);
    await clock.advance(5_000);
    await running;
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await late).toBe('closed');
    expect(clock.timers).toBe(0);
  });

  test('by a listener of its own events, which asks again, goes on', async () => {
    const clock = createManualClock();
    const refusal = new Error('too many calls');
    const again: Promise<string>[] = [];
    const limiter = createRateLimiter({
      limit: 1,
      isRefusal: (error) => error === refusal,
      onEvent: () => again.push(limiter.execute(async () => 'again')),
      clock,
    });
    await limiter.execute(() => Promise.reject(refusal)).catch(() => {});
    await clock.advance(2_000);
    expect(await Promise.all(again)).toEqual(['again']);
  });

  test('by the beginning of a task, which closes it, is closed when that task has ended', async () => {
    const limiter = createRateLimiter({ limit: 2, clock: createManualClock() });
    const order: string[] = [];
    let closed: Promise<unknown> = Promise.resolve();
    await limiter.execute(async () => {
      closed = limiter.close().then(() => order.push('closed'));
      await new Promise((resolve) => setImmediate(resolve));
      order.push('ended');
    });
    await closed;
    expect(order).toEqual(['ended', 'closed']);
  });
});
