import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../../src/index.ts';
import { calm, createScene } from '../simulation/processes.ts';
import { createRandom, createService } from '../simulation/service.ts';
import { createVirtualTime } from '../simulation/virtual-time.ts';

/** How long one process needs by itself, over so many seeds. */
async function meanAloneMs(calls: number, seeds: number): Promise<number> {
  let sumMs = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const time = createVirtualTime();
    const service = createService(time, 18, calm, createRandom(seed));
    const limiter = createRateLimiter({ limit: 18, queueTimeoutMs: Infinity, clock: time.clock });
    const all = Promise.all(Array.from({ length: calls }, () => limiter.execute(service.call)));
    await time.playUntil(120_000);
    await all;
    sumMs += service.sentMs.at(-1) ?? Number.NaN;
  }
  return sumMs / seeds;
}

describe.each([
  { processes: 4, calls: 100, seeds: 10 },
  { processes: 8, calls: 100, seeds: 5 },
])('$processes processes x $calls calls at once, at 18 a second with 0 to 30 ms of jitter', (given) => {
  test('nothing is refused, at 97 % or more of the rate of one process, and all get their turns alike', async () => {
    let sumMs = 0;
    for (let seed = 1; seed <= given.seeds; seed += 1) {
      const { time, service, processes } = createScene(given.processes, seed);
      const all = Promise.all(processes.map(({ call }) => call(given.calls)));
      await time.playUntil(120_000);
      await all;
      expect(service.refusedMs).toEqual([]);
      expect(service.acceptedMs).toHaveLength(given.processes * given.calls);
      const lastMs = service.sentMs.at(-1) ?? Number.NaN;
      sumMs += lastMs;
      // Whoever came first had the first window, while the others had not yet come.
      const turns = processes.map(({ doneMs }) => doneMs.filter((ms) => ms > 1_500 && ms < lastMs / 2).length);
      const mean = turns.reduce((sum, count) => sum + count, 0) / turns.length;
      for (const count of turns) expect(Math.abs(count / mean - 1)).toBeLessThanOrEqual(0.06);
    }
    const aloneMs = await meanAloneMs(given.processes * given.calls, given.seeds);
    expect(aloneMs / (sumMs / given.seeds)).toBeGreaterThanOrEqual(0.97);
  });
});
