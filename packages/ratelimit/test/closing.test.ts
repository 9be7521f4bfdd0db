import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

/** A limiter of one start a second whose first task runs until `finish`. */
function createStage() {
  const clock = createManualClock();
  const limiter = createRateLimiter({ limit: 1, queueTimeoutMs: Infinity, clock });
  let finish = (_: string) => {};
  const running = limiter.execute(() => new Promise<string>((resolve) => (finish = resolve)));
  return { clock, limiter, running, finish: (value: string) => finish(value) };
}

const isClosed = (it: PromiseSettledResult<unknown>) => it.status === 'rejected' && it.reason.reason === 'closed';

/** Whether a promise has settled by now. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setImmediate(resolve, 'late'));
  return (await Promise.race([promise, late])) !== 'late';
}

describe('L8: closing', () => {
  test('rejects everyone who waits and whoever comes later; what runs goes on, and close() waits for it', async () => {
    const { clock, limiter, running, finish } = createStage();
    const waiting = Array.from({ length: 500 }, () => limiter.execute(async () => {}));
    const closed = limiter.close();
    const settled = await Promise.allSettled([...waiting, limiter.execute(async () => {})]);
    expect(settled.every(isClosed)).toBe(true);
    expect(clock.timers).toBe(0);
    expect(await hasSettled(closed)).toBe(false);
    finish('done');
    await expect(running).resolves.toBe('done');
    await closed;
  });

  test('with `drain` lets those who wait have their turn, and nobody else', async () => {
    const { clock, limiter, finish } = createStage();
    const waiting = [1, 2].map((n) => limiter.execute(async () => n));
    const closed = limiter.close({ drain: true });
    await expect(limiter.execute(async () => {})).rejects.toMatchObject({ reason: 'closed' });
    finish('done');
    await clock.advance(1_000);
    expect(await hasSettled(closed)).toBe(false);
    await clock.advance(1_000);
    expect(await Promise.all(waiting)).toEqual([1, 2]);
    await closed;
    expect(clock.timers).toBe(0);
  });

  test('with `timeoutMs` waits no longer, and rejects whoever still waits then', async () => {
    const { clock, limiter } = createStage();
    const late = Promise.allSettled([1, 2, 3].map((n) => limiter.execute(async () => n)));
    const closed = limiter.close({ drain: true, timeoutMs: 1_500 });
    await clock.advance(1_500);
    expect((await late).every(isClosed)).toBe(true);
    await closed;
    expect(clock.timers).toBe(0);
  });

  test('what is idle is closed at once, twice if need be, and leaves no timer', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 1, clock });
    await Promise.all([limiter.close({ timeoutMs: 5_000 }), limiter.close({ drain: true })]);
    expect(clock.timers).toBe(0);
  });
});
