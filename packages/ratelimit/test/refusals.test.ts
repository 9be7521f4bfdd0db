import { describe, expect, test } from 'vitest';
import { createRateLimiter, type RateLimitEvent, type RateLimiterOptions } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

const refusal = new Error('too many calls');

/** Tasks that are answered or refused after so many ms, and say when they started. */
function createStage(options: Partial<RateLimiterOptions> = {}) {
  const clock = createManualClock();
  const events: RateLimitEvent[] = [];
  const limiter = createRateLimiter({
    limit: 4,
    queueTimeoutMs: Infinity,
    isRefusal: (error) => error === refusal,
    onEvent: (event) => events.push(event),
    ...options,
    clock,
  });
  const zeroMs = clock.monotonicMs();
  const starts: number[] = [];
  const ask = (outcome: 'ok' | 'refused', ms = 50) => {
    const task = () => {
      starts.push(clock.monotonicMs() - zeroMs);
      return new Promise<void>((resolve, reject) => {
        clock.setTimer(ms, () => (outcome === 'ok' ? resolve() : reject(refusal)));
      });
    };
    return limiter.execute(task).catch((error) => error);
  };
  return { clock, limiter, events, starts, ask };
}

describe('a refusal', () => {
  test('pauses all lanes for a window, once for its burst, and says so once', async () => {
    const { clock, limiter, events, ask } = createStage();
    for (const ms of [50, 60, 70]) ask('refused', ms);
    await clock.advance(55);
    expect(limiter.stats()).toMatchObject({ pauseMs: 995, refused: 1 });
    await clock.advance(50);
    expect(limiter.stats()).toMatchObject({ pauseMs: 945, refused: 3 });
    expect(events).toEqual([{ type: 'pause', pauseMs: 1_000 }]);
  });

  test('that comes after the pause of its burst changes nothing more', async () => {
    const { clock, limiter, events, ask } = createStage({ adaptive: true });
    ask('refused', 50);
    ask('refused', 1_500);
    await clock.advance(1_600);
    expect(events.filter(({ type }) => type === 'pause')).toHaveLength(1);
    expect(limiter.stats()).toMatchObject({ pauseMs: 0, refused: 2 });
  });

  test('is followed by one task, and by the others when that was answered', async () => {
    const { clock, starts, ask } = createStage();
    ask('refused');
    await clock.advance(50);
    for (let n = 0; n < 4; n += 1) ask('ok', 70);
    await clock.advance(2_000);
    expect(starts).toEqual([0, 1_050, 1_120, 1_120, 1_120]);
  });

  test('of that one task begins another pause: a service that refuses for long sees one call a window', async () => {
    const { clock, starts, ask } = createStage();
    for (let n = 0; n < 8; n += 1) ask('refused');
    await clock.advance(4_000);
    expect(starts).toEqual([0, 0, 0, 0, 1_050, 2_100, 3_150]);
  });

  test('when that one task hangs the others wait for it a window at most', async () => {
    const { clock, starts, ask } = createStage();
    ask('refused');
    await clock.advance(50);
    ask('ok', 60_000);
    ask('ok');
    await clock.advance(3_000);
    expect(starts).toEqual([0, 1_050, 2_050]);
  });

  test('turns those away who lose their turn to the pause', async () => {
    const { clock, limiter, ask } = createStage({ limit: 1 });
    ask('refused');
    const late = limiter.execute(async () => {}, { timeoutMs: 1_020 }).catch((error) => error);
    await clock.advance(50);
    expect(await late).toMatchObject({ reason: 'timeout' });
  });

  test('is not made of an error when `isRefusal` throws', async () => {
    const { limiter } = createStage({
      isRefusal: () => {
        throw new Error('of the question');
      },
    });
    await expect(limiter.execute(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(limiter.stats()).toMatchObject({ refused: 0, pauseMs: 0, inFlight: 0 });
  });

  test('lowers no limit unless `adaptive`', async () => {
    const { clock, limiter, ask } = createStage();
    for (let n = 0; n < 3; n += 1) ask('refused');
    await clock.advance(100);
    expect(limiter.stats()).toMatchObject({ limit: 4, effectiveLimit: 4 });
  });

  test('with `adaptive` takes one off each: a full window leaves what it accepted', async () => {
    const { clock, limiter, events, ask } = createStage({ adaptive: true });
    for (const outcome of ['ok', 'refused', 'refused', 'refused'] as const) ask(outcome);
    await clock.advance(50);
    expect(limiter.stats()).toMatchObject({ limit: 4, effectiveLimit: 1 });
    expect(events).toEqual([
      { type: 'pause', pauseMs: 1_000 },
      ...[3, 2, 1].map((limit) => ({ type: 'limit', limit })),
    ]);
  });

  test('never takes the last one', async () => {
    const { clock, limiter, ask } = createStage({ adaptive: true });
    for (let n = 0; n < 20; n += 1) ask('refused');
    await clock.advance(10_000);
    expect(limiter.stats()).toMatchObject({ effectiveLimit: 1 });
  });

  test('what a listener throws harms nobody', async () => {
    const { clock, limiter, ask } = createStage({
      onEvent: () => {
        throw new Error('of the listener');
      },
    });
    const refused = ask('refused');
    await clock.advance(50);
    expect(await refused).toBe(refusal);
    expect(limiter.stats().pauseMs).toBe(1_000);
  });
});

describe('a pause by hand', () => {
  test('starts nothing while it lasts, and then goes on at the limit; of two the longer counts', async () => {
    const { clock, limiter, starts, ask } = createStage({ limit: 2 });
    limiter.penalize({ pauseMs: 700 });
    limiter.penalize({ pauseMs: 500 });
    for (let n = 0; n < 4; n += 1) ask('ok', 100);
    expect(limiter.stats()).toMatchObject({ pauseMs: 700, waiting: 4, slotsInUse: 0 });
    await clock.advance(2_000);
    expect(starts).toEqual([700, 700, 1_800, 1_800]);
    expect(limiter.stats()).toMatchObject({ pauseMs: 0, waiting: 0, slotsInUse: 2 });
  });
});
