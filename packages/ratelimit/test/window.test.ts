import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../src/index.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

/** The most starts in any `windowMs`, and the shortest time between a start and the `limit`-th after it. */
function judge(starts: readonly number[], limit: number, windowMs: number) {
  const most = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + windowMs).length));
  const gaps = starts.slice(limit).map((at, index) => at - (starts[index] ?? 0));
  return { most, shortestGapMs: Math.min(...gaps) };
}

function call(limiter: ReturnType<typeof createRateLimiter>, clock: ManualClock, starts: number[], times: number) {
  const task = async () => starts.push(clock.monotonicMs());
  return Array.from({ length: times }, () => limiter.execute(task));
}

describe('the window', () => {
  test('L1: 200 calls at 18 a second take eleven seconds, and no second sees more than 18', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 18, clock });
    const starts: number[] = [];
    const beganMs = clock.monotonicMs();
    const calls = call(limiter, clock, starts, 200);
    await clock.advance(11_000);
    await Promise.all(calls);
    expect(Math.max(...starts) - beganMs).toBe(11_000);
    expect(judge(starts, 18, 1_000)).toEqual({ most: 18, shortestGapMs: 1_000 });
  });

  test('L1: calls around its border are not let through twice', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 20, clock });
    const starts: number[] = [];
    const calls = call(limiter, clock, starts, 1);
    await clock.advance(990);
    calls.push(...call(limiter, clock, starts, 19));
    await clock.advance(20);
    calls.push(...call(limiter, clock, starts, 40));
    await clock.advance(995);
    calls.push(...call(limiter, clock, starts, 40));
    await clock.advance(10_000);
    await Promise.all(calls);
    expect(starts).toHaveLength(100);
    expect(judge(starts, 20, 1_000).most).toBe(20);
  });

  test('L3: a blocked event loop is not paid back', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 20, clock });
    const starts: number[] = [];
    const calls = call(limiter, clock, starts, 60);
    await clock.advance(500);
    clock.block(900);
    await clock.advance(5_000);
    await Promise.all(calls);
    expect(judge(starts, 20, 1_000)).toEqual({ most: 20, shortestGapMs: 1_000 });
  });

  test('L4: a timer that fires a millisecond early starts nothing early', async () => {
    const clock = createManualClock({ earlyMs: 1 });
    const limiter = createRateLimiter({ limit: 5, windowMs: 100, clock });
    const starts: number[] = [];
    const calls = call(limiter, clock, starts, 50);
    await clock.advance(2_000);
    await Promise.all(calls);
    expect(judge(starts, 5, 100).shortestGapMs).toBeGreaterThanOrEqual(100);
  });

  test('a share of a small limit is a longer window', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 1, windowMs: 4_000, clock });
    const starts: number[] = [];
    const calls = call(limiter, clock, starts, 3);
    await clock.advance(8_000);
    await Promise.all(calls);
    expect(judge(starts, 1, 4_000).shortestGapMs).toBe(4_000);
  });

  test('on the platform clock the limit holds, too', async () => {
    const limiter = createRateLimiter({ limit: 5, windowMs: 50 });
    const starts: number[] = [];
    await Promise.all(Array.from({ length: 25 }, () => limiter.execute(async () => starts.push(performance.now()))));
    expect(judge(starts, 5, 49.9).most).toBe(5);
  });
});
