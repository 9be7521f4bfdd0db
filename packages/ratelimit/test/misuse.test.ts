import { describe, expect, test, vi } from 'vitest';
import { createRateLimiter } from '../src/index.ts';

describe('misuse', () => {
  test.each([
    [{ limit: 0 }, 'ratelimit: `limit` must be an integer from 1 to 1000000, got 0'],
    [{ limit: 0.25 }, 'ratelimit: `limit` must be an integer from 1 to 1000000, got 0.25'],
    [{ limit: 1, windowMs: 0 }, 'ratelimit: `windowMs` must be a number of milliseconds > 0, got 0'],
    [{ limit: 1, windowMs: Number.NaN }, 'ratelimit: `windowMs` must be a number of milliseconds > 0, got NaN'],
    [{ limit: 1, maxQueue: -1 }, 'ratelimit: `maxQueue` must be an integer >= 0, got -1'],
    [{ limit: 1, maxConcurrent: 0 }, 'ratelimit: `maxConcurrent` must be an integer >= 1, got 0'],
    [{ limit: 1, roundTripCredit: 2 }, 'ratelimit: `roundTripCredit` must be a number from 0 to 1, got 2'],
    [{ limit: 1, queueTimeoutMs: -5 }, 'ratelimit: `queueTimeoutMs` must be a number of milliseconds >= 0, got -5'],
  ])('%o is refused by name and value', (options, message) => {
    expect(() => createRateLimiter(options)).toThrow(new RangeError(message));
  });

  test.each([
    [{ isRefusal: 'EGW00201' }, "ratelimit: `isRefusal` must be a function, got 'EGW00201'"],
    [{ onEvent: {} }, 'ratelimit: `onEvent` must be a function, got {}'],
    [{ clock: {} }, 'ratelimit: `clock.monotonicMs` must be a function, got undefined'],
    [{ adaptive: 'no' }, "ratelimit: `adaptive` must be true or false, got 'no'"],
  ])('%o is refused as no option of that kind', (options, message) => {
    expect(() => createRateLimiter({ limit: 1, ...options } as never)).toThrow(new TypeError(message));
  });

  test('a controller in place of its signal is refused, and the task is not run, whether it would wait or not', async () => {
    const limiter = createRateLimiter({ limit: 1, windowMs: 20 });
    const ran = vi.fn(async () => {});
    const options = { signal: new AbortController() as never };
    await expect(limiter.execute(ran, options)).rejects.toThrow('`signal` must be an AbortSignal');
    await limiter.execute(async () => {});
    await expect(limiter.execute(ran, options)).rejects.toThrow('`signal` must be an AbortSignal');
    await limiter.execute(async () => {});
    expect(ran).not.toHaveBeenCalled();
  });

  test('adaptive without isRefusal is refused', () => {
    const message = 'ratelimit: `adaptive` needs `isRefusal`, got undefined';
    expect(() => createRateLimiter({ limit: 1, adaptive: true })).toThrow(new TypeError(message));
  });

  test('a priority that does not exist is refused, whether the call would wait or not', async () => {
    const limiter = createRateLimiter({ limit: 1 });
    const options = { priority: 'urgent' as 'order' };
    const message = "ratelimit: `priority` must be 'order', 'account' or 'quote', got \"urgent\"";
    const ran = vi.fn(async () => {});
    await expect(limiter.execute(ran, options)).rejects.toThrow(new RangeError(message));
    await limiter.execute(async () => {});
    await expect(limiter.execute(ran, options)).rejects.toThrow(new RangeError(message));
    expect(ran).not.toHaveBeenCalled();
  });

  test('a bad time of a call is refused, too', async () => {
    const limiter = createRateLimiter({ limit: 1 });
    await expect(limiter.execute(async () => {}, { timeoutMs: Number.NaN })).rejects.toThrow('`timeoutMs`');
    expect(() => limiter.penalize({ pauseMs: -1 })).toThrow('`pauseMs`');
    expect(() => limiter.penalize({} as never)).toThrow('`pauseMs`');
    expect(() => limiter.close({ timeoutMs: -1 })).toThrow('`timeoutMs`');
  });
});
