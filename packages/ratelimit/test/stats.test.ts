import { expect, test } from 'vitest';
import { createRateLimiter } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

test('stats tell who waits, what runs, what was granted and how long the waits were', async () => {
  const clock = createManualClock();
  const limiter = createRateLimiter({ limit: 2, clock });
  expect(limiter.stats()).toEqual({
    limit: 2,
    effectiveLimit: 2,
    windowMs: 1_000,
    waiting: 0,
    inFlight: 0,
    slotsInUse: 0,
    granted: 0,
    refused: 0,
    pauseMs: 0,
    waitP50Ms: 0,
    waitP99Ms: 0,
  });
  const all = Array.from({ length: 6 }, () => limiter.execute(async () => {}));
  expect(limiter.stats()).toMatchObject({ waiting: 4, inFlight: 2, slotsInUse: 2, granted: 2 });
  await clock.advance(2_000);
  await Promise.all(all);
  expect(limiter.stats()).toMatchObject({ waiting: 0, inFlight: 0, slotsInUse: 2, granted: 6 });
  expect(limiter.stats()).toMatchObject({ waitP50Ms: 1_000, waitP99Ms: 2_000 });
  await clock.advance(1_000);
  expect(limiter.stats().slotsInUse).toBe(0);
});
