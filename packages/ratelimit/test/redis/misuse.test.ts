import { describe, expect, test } from 'vitest';
import { createRedisRateLimiter, type RedisRateLimiterOptions } from '../../src/redis.ts';

describe('createRedisRateLimiter', () => {
  test.each<[string, Partial<RedisRateLimiterOptions>, RegExp]>([
    ['no budget', { budget: undefined as never }, /`budget`/],
    ['a budget with spaces', { budget: 'my account' }, /`budget`/],
    ['a limit of 0', { limit: 0 }, /`limit`.*0/],
    ['no time for Redis', { commandTimeoutMs: 0 }, /`commandTimeoutMs`.*0/],
    ['what is no url', { url: 'localhost' }, /`url`/],
  ])('refuses %s, by name', (_, options, message) => {
    expect(() => createRedisRateLimiter({ limit: 4, budget: 'test', ...options })).toThrow(message);
  });

  test('shows no password of a url that is wrong', () => {
    const url = 'http://:testsecret+/=@localhost';
    expect(() => createRedisRateLimiter({ limit: 4, budget: 'test', url })).toThrow(/^(?!.*testsecret).*`url`/);
  });
});
