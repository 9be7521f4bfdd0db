import { describe, expect, test } from 'vitest';
import { createRateLimiter, type Priority, type RateLimiterOptions } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

/** One start a second, of which the first is taken; `ask` notes who starts. */
function createStage(options: Partial<RateLimiterOptions> = {}) {
  const clock = createManualClock();
  const limiter = createRateLimiter({ limit: 1, queueTimeoutMs: Infinity, ...options, clock });
  const served: string[] = [];
  const ask = (name: string, priority?: Priority, more: object = {}) =>
    limiter.execute(async () => void served.push(name), { priority, ...more });
  limiter.execute(async () => {});
  return { clock, limiter, served, ask };
}

describe('L9: lanes', () => {
  test('an order goes before the account, the account before quotes, and each lane is first come, first served', async () => {
    const { clock, served, ask } = createStage();
    ask('quote 1');
    ask('account 1', 'account');
    ask('order 1', 'order');
    ask('quote 2', 'quote');
    ask('order 2', 'order');
    await clock.advance(5_000);
    expect(served).toEqual(['order 1', 'order 2', 'account 1', 'quote 1', 'quote 2']);
  });

  test('nobody starves: whoever was passed over eight times is next', async () => {
    const { clock, served, ask } = createStage();
    ask('quote', 'quote');
    ask('account', 'account');
    for (let n = 1; n <= 20; n += 1) ask(`order ${n}`, 'order');
    await clock.advance(30_000);
    expect(served.indexOf('quote')).toBe(8);
    expect(served.indexOf('account')).toBe(9);
    expect(served).toHaveLength(22);
  });

  test('a stream of orders leaves quotes one start in nine', async () => {
    const { clock, served, ask } = createStage();
    for (let n = 0; n < 10; n += 1) ask('quote', 'quote');
    for (let n = 0; n < 90; n += 1) ask('order', 'order');
    await clock.advance(90_000);
    const places = served.flatMap((name, index) => (name === 'quote' ? [index] : []));
    expect(places).toEqual([8, 17, 26, 35, 44, 53, 62, 71, 80, 89]);
  });

  test('a wait is told by who goes first: an order finds room where a quote is refused', async () => {
    const { clock, limiter, ask } = createStage();
    for (let n = 0; n < 5; n += 1) ask('quote');
    const late = limiter.execute(async () => {}, { timeoutMs: 2_000 });
    await expect(late).rejects.toMatchObject({ reason: 'timeout', waitMs: 6_000 });
    const order = ask('order', 'order', { timeoutMs: 2_000 });
    await clock.advance(1_000);
    await order;
  });

  test('a lower lane is not told a longer wait than its eight passes allow', async () => {
    const { clock, ask, served } = createStage();
    for (let n = 0; n < 100; n += 1) ask('order', 'order');
    const quote = ask('quote', 'quote', { timeoutMs: 9_000 });
    await clock.advance(9_000);
    await quote;
    expect(served.indexOf('quote')).toBe(8);
  });
});

describe('a lane that was passed over', () => {
  test('has its turn as soon as was told, by how often that was', async () => {
    const { clock, ask, served, limiter } = createStage();
    ask('first quote');
    for (let n = 0; n < 20; n += 1) ask('order', 'order');
    await clock.advance(6_000);
    expect(served).toHaveLength(6);
    // Two orders more, then the first quote, then eight orders, then this one.
    await expect(limiter.execute(async () => {}, { timeoutMs: 11_000 })).rejects.toMatchObject({ waitMs: 12_000 });
    const second = ask('second quote', 'quote', { timeoutMs: 12_000 });
    await clock.advance(12_000);
    await second;
  });

  test('and that everybody has left begins anew', async () => {
    const { clock, ask, served } = createStage();
    const controller = new AbortController();
    const aborted = ask('quote', 'quote', { signal: controller.signal }).catch(() => {});
    for (let n = 0; n < 12; n += 1) ask('order', 'order');
    await clock.advance(8_000);
    controller.abort();
    await aborted;
    ask('later quote');
    await clock.advance(2_000);
    expect(served).toEqual(Array.from({ length: 10 }, () => 'order'));
  });
});

describe('a repeat', () => {
  test('goes before the others of its priority, but not before other repeats, and past maxQueue', async () => {
    const { clock, served, ask, limiter } = createStage({ maxQueue: 2 });
    ask('first');
    ask('second');
    await expect(ask('third')).rejects.toMatchObject({ reason: 'queue-full' });
    ask('repeat 1', 'quote', { isRepeat: true });
    ask('repeat 2', 'quote', { isRepeat: true });
    expect(limiter.stats().waiting).toBe(4);
    await clock.advance(4_000);
    expect(served).toEqual(['repeat 1', 'repeat 2', 'first', 'second']);
  });

  test('does not go before a higher lane', async () => {
    const { clock, served, ask } = createStage();
    ask('order', 'order');
    ask('repeat', 'quote', { isRepeat: true });
    await clock.advance(3_000);
    expect(served).toEqual(['order', 'repeat']);
  });
});
