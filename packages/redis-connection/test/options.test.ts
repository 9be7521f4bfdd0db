import { describe, expect, test } from 'vitest';
import { createRedisConnection } from '../src/index.ts';

describe('an option', () => {
  const client = { call: async () => undefined, duplicate: () => undefined };
  test.each([
    [{ url: 'testsecret+/=' }, '`url` must be a redis:// or rediss:// URL'],
    [{ url: 'http://127.0.0.1' }, '`url` must be a redis:// or rediss:// URL'],
    [{ client: {} }, '`client` must be a Redis or Cluster'],
    [{ client, url: 'redis://127.0.0.1' }, '`client` has its own address'],
    [{ client, password: 'testsecret+/=' }, '`client` has its own address'],
    [{ password: 5 }, '`password` must be a string'],
    [{ commandTimeoutMs: 0 }, '`commandTimeoutMs` must be from 1 to 2147483647, got 0'],
    [{ onEvent: 'x' }, '`onEvent` must be a function, got string'],
  ])('that is wrong is named (%#)', (options, message) => {
    expect(() => createRedisConnection(options as object)).toThrow(message);
    expect(() => createRedisConnection(options as object)).not.toThrow('testsecret');
  });
});
