import { describe, expect, test } from 'vitest';
import { createRateLimiter, type RateLimiterOptions } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

/** A limiter of two slots, and tasks that say when they started. */
function createStage(options: Partial<RateLimiterOptions> = {}) {
  const clock = createManualClock();
  const limiter = createRateLimiter({ limit: 2, queueTimeoutMs: Infinity, ...options, clock });
  const zeroMs = clock.monotonicMs();
  const starts: number[] = [];
  const answer = (ms: number) => () => {
    starts.push(clock.monotonicMs() - zeroMs);
    return new Promise<void>((resolve) => void clock.setTimer(ms, resolve));
  };
  return { clock, limiter, starts, answer };
}

describe('a slot', () => {
  test('is free a window after the reply, not after the start: however long a call was under way, the next arrives late enough', async () => {
    const { clock, limiter, starts, answer } = createStage();
    for (const ms of [300, 700, 100, 100]) limiter.execute(answer(ms));
    await clock.advance(3_000);
    expect(starts).toEqual([0, 0, 1_300, 1_700]);
  });

  test('of a task that never ends is never free, and the others go on', async () => {
    const { clock, limiter, starts, answer } = createStage();
    limiter.execute(() => new Promise(() => {}));
    for (let n = 0; n < 3; n += 1) limiter.execute(answer(0));
    await clock.advance(5_000);
    // A timer of 0 ms runs a moment later, and so does what it frees.
    expect(starts.map((ms) => Math.floor(ms / 1_000))).toEqual([0, 1, 2]);
    expect(limiter.stats()).toMatchObject({ inFlight: 1, waiting: 0 });
  });

  test('is not free before its task has ended, however much longer than a window that takes', async () => {
    const { clock, limiter, answer } = createStage({ windowMs: 50 });
    let most = 0;
    for (let n = 0; n < 60; n += 1) {
      limiter.execute(() => {
        most = Math.max(most, limiter.stats().inFlight + 1);
        return answer(100)();
      });
    }
    await clock.advance(10_000);
    expect(limiter.stats().granted).toBe(60);
    expect(most).toBe(2);
  });

  test('is given back nine tenths of the smallest round trip early, less 6 ms, once twenty replies are known', async () => {
    const { clock, limiter, starts, answer } = createStage();
    for (let n = 0; n < 26; n += 1) limiter.execute(answer(n === 7 ? 100 : 150));
    await clock.advance(30_000);
    const gaps = starts.slice(2).map((ms, index) => ms - (starts[index] ?? 0));
    expect(gaps.slice(0, 6)).toEqual([1_150, 1_150, 1_150, 1_150, 1_150, 1_150]);
    expect(gaps.slice(-4)).toEqual([1_066, 1_066, 1_066, 1_066]);
  });

  test('is given back less as soon as a shorter round trip is seen', async () => {
    const { clock, limiter, starts, answer } = createStage();
    for (let n = 0; n < 22; n += 1) limiter.execute(answer(200));
    await clock.advance(30_000);
    starts.length = 0;
    for (const ms of [50, 50, 50, 50]) limiter.execute(answer(ms));
    await clock.advance(3_000);
    expect((starts[2] ?? 0) - (starts[0] ?? 0)).toBe(1_050 - (0.9 * 50 - 6));
  });

  test('is not given back early where round trips are so short that they may all be our own', async () => {
    const { clock, limiter, starts, answer } = createStage();
    for (let n = 0; n < 30; n += 1) limiter.execute(answer(6));
    await clock.advance(30_000);
    expect(new Set(starts.slice(2).map((ms, index) => ms - (starts[index] ?? 0)))).toEqual(new Set([1_006]));
  });

  test('is not given back early with `roundTripCredit: 0`', async () => {
    const { clock, limiter, starts, answer } = createStage({ roundTripCredit: 0 });
    for (let n = 0; n < 30; n += 1) limiter.execute(answer(100));
    await clock.advance(30_000);
    expect(new Set(starts.slice(2).map((ms, index) => ms - (starts[index] ?? 0)))).toEqual(new Set([1_100]));
  });

  test('of a task without an answer is kept for the whole window: it may have arrived until the end', async () => {
    const { clock, limiter, starts, answer } = createStage({ limit: 1 });
    for (let n = 0; n < 21; n += 1) limiter.execute(answer(100));
    await clock.advance(30_000);
    starts.length = 0;
    const failing = limiter.execute(() => answer(100)().then(() => Promise.reject(new Error('time is over'))));
    limiter.execute(answer(100));
    await Promise.all([expect(failing).rejects.toThrow('time is over'), clock.advance(3_000)]);
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(1_100);
  });
});

describe('maxConcurrent', () => {
  test('bounds the tasks that run at once; who waits goes on when one ends', async () => {
    const { clock, limiter, starts, answer } = createStage({ limit: 100, maxConcurrent: 3 });
    const all = Array.from({ length: 7 }, () => limiter.execute(answer(50)));
    expect(limiter.stats()).toMatchObject({ inFlight: 3, waiting: 4 });
    await clock.advance(150);
    await Promise.all(all);
    expect(starts).toEqual([0, 0, 0, 50, 50, 50, 100]);
  });

  test('as a function is asked before each start, and one task may always run', async () => {
    let most = 0;
    const { clock, limiter, starts, answer } = createStage({ limit: 100, maxConcurrent: () => most });
    const all = Array.from({ length: 5 }, () => limiter.execute(answer(50)));
    await clock.advance(50);
    most = 9;
    await clock.advance(50);
    await clock.advance(50);
    await Promise.all(all);
    expect(starts).toEqual([0, 50, 100, 100, 100]);
  });

  test("as a function that throws counts as 1, and is nobody else's error", async () => {
    const maxConcurrent = () => {
      throw new Error('the host is wrong');
    };
    const { clock, limiter, starts, answer } = createStage({ limit: 100, maxConcurrent });
    const all = Array.from({ length: 3 }, () => limiter.execute(answer(50)));
    await clock.advance(150);
    await Promise.all(all);
    expect(starts).toEqual([0, 50, 100]);
  });

  test('keeps deadlines while nothing but the end of a task could help, of those in the middle of the queue, too', async () => {
    const { clock, limiter, answer } = createStage({ limit: 100, maxConcurrent: 1 });
    limiter.execute(answer(10_000));
    const patient = limiter.execute(answer(0));
    const rejected: string[] = [];
    for (const ms of [900, 400, 600]) {
      limiter.execute(answer(0), { timeoutMs: ms }).catch(({ reason }) => rejected.push(`${reason} ${ms}`));
    }
    await clock.advance(601);
    expect(rejected).toEqual(['timeout 400', 'timeout 600']);
    await clock.advance(20_000);
    await patient;
    expect(rejected).toEqual(['timeout 400', 'timeout 600', 'timeout 900']);
  });
});
