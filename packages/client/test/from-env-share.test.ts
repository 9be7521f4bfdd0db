import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeKis } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { anyRedis } from '@kis/redis-servers';
import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClientFromEnv, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

async function createEnv(): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'kis-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return {
    KIS_APP_KEY: appKey,
    KIS_APP_SECRET: appSecret,
    KIS_USE_VIRTUAL_SERVER: 'false',
    KIS_TOKEN_FILE_PATH: join(folder, 'token.json'),
    // The limit of KIS is that of both clients.
    KIS_API_RATE_LIMIT: '18',
  };
}

/** Two clients, as of two processes, read 20 prices each at once; what KIS refused. */
async function readByTwo(
  envs: readonly [Record<string, string>, Record<string, string>],
  given: Partial<KisClientOptions> = {},
): Promise<number> {
  const fake = createFakeKis({ issueIntervalMs: 0 });
  const clients = await Promise.all(
    envs.map((env) => createKisClientFromEnv({ ...given, env, dispatcher: fake.dispatcher })),
  );
  const codes = fake.symbols.slice(0, 20).map(({ code }) => code);
  await Promise.all(clients.flatMap((client) => codes.map((code) => client.getCurrentPrice(code))));
  await Promise.all(clients.map((client) => client.close()));
  return fake.log().refusals;
}

describe('clients of one environment', () => {
  test('share the rate budget as they share the token: by files', async () => {
    const env = await createEnv();
    expect(await readByTwo([env, env])).toBe(0);
  });

  test('share it by Redis where the token lies there', async () => {
    const { url, stop } = await anyRedis();
    onTestFinished(stop);
    const budget = `test-${process.pid}`;
    const env = {
      ...(await createEnv()),
      KIS_TOKEN_STORAGE: 'redis',
      KIS_REDIS_URL: url,
      KIS_API_RATE_LIMIT_BUDGET: budget,
    };
    expect(await readByTwo([env, env])).toBe(0);
  });

  test('share it by Redis, and the token by a file, where they are told so', async () => {
    const { url, stop } = await anyRedis();
    onTestFinished(stop);
    const [one, other] = [await createEnv(), await createEnv()];
    const shared = { KIS_API_RATE_LIMIT_SHARE: 'redis', KIS_REDIS_URL: url };
    expect(
      await readByTwo([
        { ...one, ...shared },
        { ...other, ...shared },
      ]),
    ).toBe(0);
  });

  test('each have a budget of their own where they are told so', async () => {
    const env = { ...(await createEnv()), KIS_API_RATE_LIMIT_SHARE: 'none' };
    expect(await readByTwo([env, env])).toBeGreaterThan(0);
  });

  test('have two budgets under two names', async () => {
    const env = await createEnv();
    const [one, other] = [{ KIS_API_RATE_LIMIT_BUDGET: 'one' }, { KIS_API_RATE_LIMIT_BUDGET: 'other' }];
    expect(
      await readByTwo([
        { ...env, ...one },
        { ...env, ...other },
      ]),
    ).toBeGreaterThan(0);
  });

  test('share nothing where a storage is given, and go by the limiter that is given', async () => {
    const env = await createEnv();
    expect(await readByTwo([env, env], { storage: createMemoryStorage() })).toBeGreaterThan(0);
    const rateLimiter = createRateLimiter({ limit: 18 });
    const unread = { ...(await createEnv()), KIS_API_RATE_LIMIT_SHARE: 'bad' };
    await readByTwo([unread, unread], { rateLimiter });
    expect(rateLimiter.stats().granted).toBeGreaterThanOrEqual(40);
  });

  test('are told which variable is bad', async () => {
    const env = { ...(await createEnv()), KIS_API_RATE_LIMIT_SHARE: 'disk', KIS_API_RATE_LIMIT_BUDGET: 'My Account' };
    await expect(createKisClientFromEnv({ env })).rejects.toThrow(
      new TypeError(
        'client: the environment is not usable: KIS_API_RATE_LIMIT_BUDGET must be 1 to 120 small letters, digits and hyphens; ' +
          'KIS_API_RATE_LIMIT_SHARE must be file, redis or none',
      ),
    );
  });
});
