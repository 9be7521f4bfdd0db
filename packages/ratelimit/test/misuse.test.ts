import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../src/index.ts';

describe('misuse', () => {
  test.each([
    [{ limit: 0 }, 'ratelimit: `limit` must be an integer from 1 to 1000000, got 0'],
    [{ limit: 0.25 }, 'ratelimit: `limit` must be an integer from 1 to 1000000, got 0.25'],
    [{ limit: 1, windowMs: 0 }, 'ratelimit: `windowMs` must be a number of milliseconds > 0, got 0'],
    [{ limit: 1, windowMs: Number.NaN }, 'ratelimit: `windowMs` must be a number of milliseconds > 0, got NaN'],
    [{ limit: 1, maxQueue: -1 }, 'ratelimit: `maxQueue` must be an integer >= 0, got -1'],
    [{ limit: 1, queueTimeoutMs: -5 }, 'ratelimit: `queueTimeoutMs` must be a number of milliseconds >= 0, got -5'],
  ])('%o is refused by name and value', (options, message) => {
    expect(() => createRateLimiter(options)).toThrow(new RangeError(message));
  });

  test('a bad time of a call is refused, too', async () => {
    const limiter = createRateLimiter({ limit: 1 });
    await expect(limiter.execute(async () => {}, { timeoutMs: Number.NaN })).rejects.toThrow('`timeoutMs`');
    expect(() => limiter.penalize({ pauseMs: -1 })).toThrow('`pauseMs`');
  });
});
