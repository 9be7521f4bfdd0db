import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { createKisClient, createKisClientFromEnv, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret, createFakeTokens } from './harness.ts';

const good: KisClientOptions = { appKey, appSecret, environment: 'real' };

describe('misuse', () => {
  test.each([
    [{ appKey: undefined }, 'client: `appKey` must be a string, got undefined'],
    [{ appKey: '  ' }, 'client: `appKey` must not be blank'],
    [{ appSecret: `${appSecret}\n` }, 'client: `appSecret` must not contain blanks, newlines or non-ASCII characters'],
    [{ environment: 'paper' }, "client: `environment` must be 'real' or 'virtual', got paper"],
    [{ baseUrl: 'ftp://x' }, 'client: `baseUrl` must be an http or https URL without credentials'],
    [{ baseUrl: 'https://user:pass@x' }, 'client: `baseUrl` must be an http or https URL without credentials'],
    [{ timeoutMs: 0 }, 'client: `timeoutMs` must be a number of milliseconds >= 1, got 0'],
    [{ timeoutMs: Number.NaN }, 'client: `timeoutMs` must be a number of milliseconds >= 1, got NaN'],
    [{ connections: 1.5 }, 'client: `connections` must be an integer >= 1, got 1.5'],
    [{ retry: { retries: -1 } }, 'client: `retry.retries` must be an integer >= 0, got -1'],
    [{ retry: { backoffMs: -1 } }, 'client: `retry.backoffMs` must be a number of milliseconds >= 0, got -1'],
    [{ rateLimiter: 18 }, 'client: `rateLimiter` must be settings or one of your own, got 18'],
    [{ rateLimiter: { limit: 0 } }, 'ratelimit: `limit` must be an integer from 1 to 1000000, got 0'],
    [
      { rateLimiter: { queueTimeoutMs: -1 } },
      'ratelimit: `queueTimeoutMs` must be a number of milliseconds >= 0, got -1',
    ],
    [{ rateLimiter: [18] }, 'client: `rateLimiter` must be settings or one of your own, got [ 18 ]'],
    [
      { rateLimiter: { limit: 4, windowMs: 5_000 } },
      'client: `rateLimiter.windowMs` is no setting; there are `limit`, `queueTimeoutMs`, `maxQueue`, `adaptive`',
    ],
    [{ rateLimiter: { limits: 4 } }, 'client: `rateLimiter.limits` is no setting'],
    [{ breaker: 5 }, 'client: `breaker` must be settings or one of your own, got 5'],
    [{ breaker: [] }, 'client: `breaker` must be settings or one of your own, got []'],
    [
      { breaker: { openMS: 1_000 } },
      'client: `breaker.openMS` is no setting; there are `failureThreshold`, `openMs`, `probeTimeoutMs`',
    ],
    [{ retry: 3 }, 'client: `retry` must be settings or false, got 3'],
    [{ retry: true }, 'client: `retry` must be settings or false, got true'],
    [{ retry: [3] }, 'client: `retry` must be settings or false, got [ 3 ]'],
    [{ retry: { times: 3 } }, 'client: `retry.times` is no setting; there are `retries`, `backoffMs`'],
    [{ use: () => {} }, 'client: `use` must be an array of functions, got [Function: use]'],
    [{ use: [undefined] }, 'client: `use` must be an array of functions, got [ undefined ]'],
    [{ onEvent: 'log' }, "client: `onEvent` must be a function, got 'log'"],
    [{ timeoutMS: 5_000 }, 'client: `timeoutMS` is no option; there are `appKey`, `appSecret`, `environment`, '],
    [{ env: {} }, 'client: `env` is no option'],
    [{ cach: undefined }, 'client: `cach` is no option'],
    [{ breaker: null }, 'client: `breaker` must be settings or one of your own, got null'],
    [{ breaker: { failureThreshold: 0 } }, 'breaker: `failureThreshold` must be an integer >= 1, got 0'],
    [{ tokens: createFakeTokens(), storage: createMemoryStorage() }, 'client: give `tokens` or `storage`, not both'],
  ])('%o is refused by name', (options, message) => {
    expect(() => createKisClient({ ...good, ...options } as KisClientOptions)).toThrow(message);
  });

  test.each<[object, string]>([
    [{ rateLimiter: 18 }, 'client: `rateLimiter` must be settings or one of your own, got 18'],
    [{ rateLimiter: [] }, 'client: `rateLimiter` must be settings or one of your own, got []'],
    [{ breaker: null }, 'client: `breaker` must be settings or one of your own, got null'],
    [{ breaker: { openMS: 1 } }, 'client: `breaker.openMS` is no setting'],
    [{ timeoutMS: 5_000 }, 'client: `timeoutMS` is no option'],
  ])('%o is refused by name beside an environment, too', async (options, message) => {
    const given = { ...good, env: {}, storage: createMemoryStorage(), ...options };
    await expect(createKisClientFromEnv(given)).rejects.toThrow(message);
  });

  test('of a name is told before what the environment lacks, and without the value, which may be a secret', async () => {
    const error = await createKisClientFromEnv({ env: {}, appSecert: appSecret } as object).catch((it) => it);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^client: `appSecert` is no option; there are `appKey`, [^+]*`onEvent`$/);
  });
});
