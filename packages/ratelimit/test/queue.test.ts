import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRateLimiter, RateLimitError } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

const nothing = async () => {};

/** A limiter of one start a second, whose slot is taken. */
function createBusy(options: { readonly maxQueue?: number; readonly queueTimeoutMs?: number } = {}) {
  const clock = createManualClock();
  const limiter = createRateLimiter({ limit: 1, ...options, clock });
  limiter.execute(nothing);
  return { clock, limiter };
}

describe('the queue', () => {
  test('first come, first served', async () => {
    const { clock, limiter } = createBusy();
    const order: number[] = [];
    for (const n of [1, 2, 3]) limiter.execute(async () => order.push(n));
    await clock.advance(3_000);
    expect(order).toEqual([1, 2, 3]);
  });

  test('what a task gives or throws is what the caller gets', async () => {
    const limiter = createRateLimiter({ limit: 2 });
    const failure = new Error('of the task');
    await expect(limiter.execute(async () => 42)).resolves.toBe(42);
    await expect(limiter.execute(() => Promise.reject(failure))).rejects.toBe(failure);
  });

  test('L6: a call that cannot start in time is told so at once', async () => {
    const { clock, limiter } = createBusy();
    await clock.advance(100);
    const late = limiter.execute(nothing, { timeoutMs: 899 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_RATE_LIMIT', reason: 'timeout', waitMs: 900 });
    const inTime = limiter.execute(async () => 'ran', { timeoutMs: 900 });
    await clock.advance(900);
    await expect(inTime).resolves.toBe('ran');
  });

  test('the wait of the hundredth caller is known when it comes', async () => {
    const { limiter } = createBusy({ queueTimeoutMs: 99_000 });
    for (let n = 1; n <= 99; n += 1) limiter.execute(nothing).catch(() => {});
    await expect(limiter.execute(nothing)).rejects.toMatchObject({ reason: 'timeout', waitMs: 100_000 });
    limiter.close();
  });

  test('a caller who loses its turn to a pause is told when the pause begins', async () => {
    const { clock, limiter } = createBusy();
    const ran = vi.fn(nothing);
    const late = expect(limiter.execute(ran, { timeoutMs: 1_500 })).rejects.toMatchObject({ waitMs: 2_000 });
    const patient = limiter.execute(nothing, { timeoutMs: 5_000 });
    limiter.penalize({ pauseMs: 2_000 });
    await late;
    await clock.advance(2_000);
    await patient;
    expect(ran).not.toHaveBeenCalled();
  });

  test('a pause comes before all the windows that a caller has to wait', async () => {
    const { clock, limiter } = createBusy();
    for (let n = 0; n < 3; n += 1) limiter.execute(nothing);
    limiter.penalize({ pauseMs: 3_000 });
    const late = limiter.execute(nothing, { timeoutMs: 5_900 });
    await expect(late).rejects.toMatchObject({ reason: 'timeout', waitMs: 6_000 });
    const inTime = limiter.execute(async () => 'ran', { timeoutMs: 6_000 });
    await clock.advance(6_000);
    await expect(inTime).resolves.toBe('ran');
  });

  test('a caller whose time ran out while the event loop was blocked is not run', async () => {
    const { clock, limiter } = createBusy();
    const ran = vi.fn(nothing);
    const late = expect(limiter.execute(ran, { timeoutMs: 1_200 })).rejects.toMatchObject({ reason: 'timeout' });
    clock.block(1_300);
    await clock.advance(0);
    await late;
    expect(ran).not.toHaveBeenCalled();
  });

  test('one who is too late then is not run by the next one who comes, who need not wait for it', async () => {
    const { clock, limiter } = createBusy();
    const ran = vi.fn(nothing);
    const late = expect(limiter.execute(ran, { timeoutMs: 1_200 })).rejects.toMatchObject({ reason: 'timeout' });
    await clock.advance(0);
    clock.block(1_300);
    await expect(limiter.execute(async () => 'ran', { timeoutMs: 0 })).resolves.toBe('ran');
    await late;
    expect(ran).not.toHaveBeenCalled();
  });

  test('nor by a task that blocks the event loop itself', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 2, clock });
    limiter.penalize({ pauseMs: 100 });
    const ran = vi.fn(nothing);
    const blocking = limiter.execute(async () => clock.block(500));
    const late = expect(limiter.execute(ran, { timeoutMs: 200 })).rejects.toMatchObject({ reason: 'timeout' });
    await clock.advance(100);
    await Promise.all([blocking, late]);
    expect(ran).not.toHaveBeenCalled();
  });

  test('L7: beyond maxQueue nobody waits', async () => {
    const { clock, limiter } = createBusy({ maxQueue: 1 });
    const first = limiter.execute(async () => 'ran');
    await expect(limiter.execute(nothing)).rejects.toMatchObject({ reason: 'queue-full', waitMs: 2_000 });
    await clock.advance(1_000);
    await expect(first).resolves.toBe('ran');
  });

  test('maxQueue 0: a free slot is used, a wait is refused', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 1, maxQueue: 0, clock });
    await limiter.execute(nothing);
    await expect(limiter.execute(nothing)).rejects.toBeInstanceOf(RateLimitError);
    await clock.advance(1_000);
    await limiter.execute(nothing);
  });

  test('L5: an abort ends the wait with its own reason and costs no slot', async () => {
    const { clock, limiter } = createBusy();
    const controller = new AbortController();
    const ran = vi.fn(nothing);
    const aborted = limiter.execute(ran, { signal: controller.signal });
    const next = limiter.execute(async () => clock.monotonicMs());
    const reason = { why: 'the user left' };
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    const beganMs = clock.monotonicMs();
    await clock.advance(1_000);
    expect((await next) - beganMs).toBe(1_000);
    expect(ran).not.toHaveBeenCalled();
  });

  test('a signal that was aborted before is respected', async () => {
    const limiter = createRateLimiter({ limit: 1 });
    const ran = vi.fn(nothing);
    await expect(limiter.execute(ran, { signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    expect(ran).not.toHaveBeenCalled();
    expect(limiter.stats().slotsInUse).toBe(0);
  });

  test('L5: a hundred thousand callers under one signal come and go with one timer and one listener', async () => {
    const { clock, limiter } = createBusy();
    const controller = new AbortController();
    const calls = Array.from({ length: 100_000 }, () =>
      limiter.execute(nothing, { signal: controller.signal, timeoutMs: Infinity }),
    );
    const settled = Promise.allSettled(calls);
    expect(clock.timers).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
    expect(limiter.stats().waiting).toBe(0);
    expect(clock.timers).toBe(0);
  });

  test('a signal for twenty limiters raises no warning, and no listener is left on it', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { signal } = new AbortController();
    const busy = Array.from({ length: 20 }, () => createBusy());
    const calls = busy.map(({ limiter }) => limiter.execute(nothing, { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(20);
    await Promise.all(busy.map(({ clock }) => clock.advance(1_000)));
    await Promise.all(calls);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('a task that throws before it begins gives its slot to the next one', async () => {
    const { clock, limiter } = createBusy();
    const unbegun = limiter.execute(() => {
      throw new Error('looked once more, and did not send');
    });
    const next = limiter.execute(async () => clock.monotonicMs());
    const dueMs = clock.monotonicMs() + 1_000;
    await Promise.all([expect(unbegun).rejects.toThrow('looked once more'), clock.advance(1_000)]);
    expect(await next).toBe(dueMs);
  });

  test('a task may call the limiter itself, and the limit holds', async () => {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 1, clock });
    const starts: number[] = [];
    await limiter.execute(async () => {
      starts.push(clock.monotonicMs());
      limiter.execute(async () => starts.push(clock.monotonicMs()));
    });
    await clock.advance(1_000);
    expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 1_000]);
  });

  test('a task that asks again is told of the slot that it has itself', async () => {
    const limiter = createRateLimiter({ limit: 1, clock: createManualClock() });
    const again = await limiter.execute(async () =>
      limiter.execute(nothing, { timeoutMs: 500 }).catch((error) => error),
    );
    expect(again).toMatchObject({ reason: 'timeout', waitMs: 1_000 });
  });

  test('T9: a waiting caller keeps the process alive until it has run', async () => {
    const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
    const code = `
      const { createRateLimiter } = await import(${JSON.stringify(entry)});
      const limiter = createRateLimiter({ limit: 1, windowMs: 200 });
      limiter.execute(async () => {});
      limiter.execute(async () => console.log('ran'));
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    const [exitCode] = await once(child, 'close');
    expect({ output, exitCode }).toEqual({ output: 'ran\n', exitCode: 0 });
  });
});
