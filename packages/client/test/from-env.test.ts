import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeKis } from '@kis/mock';
import { startRedis } from '@kis/redis-servers';
import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createKisClientFromEnv, type KisClientEvent, type Middleware } from '../src/index.ts';
import { loadFileStorage } from '../src/load-file-storage.ts';
import { loadRedisStorage } from '../src/load-redis-storage.ts';
import { appKey, appSecret } from './harness.ts';

const keys = { KIS_APP_KEY: appKey, KIS_APP_SECRET: appSecret };

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kis-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('a client from the environment', () => {
  test('reads quotes and keeps its token in the file that is named', async () => {
    for (const name of ['KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE']) {
      const folder = await makeFolder();
      const fake = createFakeKis({ environment: 'virtual' });
      const env = { ...keys, [name]: join(folder, 'token.json'), KIS_ACCOUNT_NUMBER: '12345678-01' };
      for (let run = 0; run < 2; run += 1) {
        const client = await createKisClientFromEnv({ env, dispatcher: fake.dispatcher });
        expect((await client.getCurrentPrice('005930')).currentPrice).toBeGreaterThan(0);
        await client.close();
        // The fake's limit, too, is one call a second.
        fake.control({ limit: 18 });
      }
      expect(fake.log()).toMatchObject({ tokensIssued: 1, tokenRequests: 1 });
      expect(await readdir(folder)).toContain('token.json');
    }
  });

  test.each(['KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE'])(
    'keeps its token below the home directory where %s begins with ~/',
    async (name) => {
      const home = await makeFolder();
      const fake = createFakeKis({ environment: 'virtual' });
      vi.stubEnv('HOME', home);
      vi.stubEnv('USERPROFILE', home);
      onTestFinished(() => void vi.unstubAllEnvs());
      const env = { ...keys, [name]: '~/cache/token.json' };
      const client = await createKisClientFromEnv({ env, dispatcher: fake.dispatcher });
      await client.tokens.getToken();
      await client.close();
      expect(await readdir(join(home, 'cache'))).toContain('token.json');
    },
  );

  test.each(['~', '~/', '~//', '~somebody/token.json'])('has no file at %s', async (path) => {
    for (const name of ['KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE', 'KIS_APP_KEY_FILE']) {
      const { KIS_APP_KEY, ...rest } = keys;
      const env = { ...rest, ...(name === 'KIS_APP_KEY_FILE' ? {} : { KIS_APP_KEY }), [name]: path };
      await expect(createKisClientFromEnv({ env })).rejects.toThrow(
        new TypeError(
          `client: the environment is not usable: ${name} must name a file below ~/ where it begins with ~`,
        ),
      );
    }
  });

  test.each([
    [undefined, 'openapivts.koreainvestment.com:29443'],
    ['', 'openapivts.koreainvestment.com:29443'],
    ['true', 'openapivts.koreainvestment.com:29443'],
    ['1', 'openapivts.koreainvestment.com:29443'],
    ['false', 'openapi.koreainvestment.com:9443'],
    ['FALSE', 'openapi.koreainvestment.com:9443'],
    ['0', 'openapi.koreainvestment.com:9443'],
    ['no', 'openapi.koreainvestment.com:9443'],
  ])('is virtual unless KIS_USE_VIRTUAL_SERVER says false: %o asks %s', async (value, host) => {
    const env = { ...keys, ...(value === undefined ? {} : { KIS_USE_VIRTUAL_SERVER: value }) };
    expect(await hostAsked(env)).toBe(host);
  });

  test('asks the origin that is named for its world', async () => {
    const env = {
      ...keys,
      KIS_API_BASE_URL_REAL: 'http://real.test:1',
      KIS_API_BASE_URL_VIRTUAL: 'http://virtual.test:2',
    };
    expect(await hostAsked(env)).toBe('virtual.test:2');
    expect(await hostAsked({ ...env, KIS_USE_VIRTUAL_SERVER: 'no' })).toBe('real.test:1');
    expect(await hostAsked(env, { environment: 'real' })).toBe('real.test:1');
    expect(await hostAsked(env, { baseUrl: 'http://given.test' })).toBe('given.test');
  });

  async function hostAsked(env: Record<string, string>, given: object = {}): Promise<string | undefined> {
    const fake = createFakeKis();
    const hosts: string[] = [];
    const dispatcher = fake.dispatcher.compose((dispatch) => (options, handler) => {
      hosts.push(new URL(String(options.origin)).host);
      return dispatch(options, handler);
    });
    const client = await createKisClientFromEnv({ ...given, env, dispatcher, storage: createMemoryStorage() });
    await client.getCurrentPrice('005930');
    await client.close();
    expect(new Set(hosts).size).toBe(1);
    return hosts[0];
  }

  test('names every bad variable in one error, and shows no secret', async () => {
    const env = {
      KIS_APP_SECRET: `${appSecret}\n`,
      KIS_ACCOUNT_NUMBER: '1234-5678',
      KIS_USE_VIRTUAL_SERVER: 'flase',
      KIS_API_BASE_URL_REAL: 'openapi.koreainvestment.com',
      KIS_API_BASE_URL_VIRTUAL: 'https://user:pass@example.com',
      KIS_TOKEN_FILE_PATH: '/a/token.json',
      KOREA_INVESTMENT_TOKEN_FILE: '/b/token.json',
      KOREA_INVESTMENT_TOKEN_STORAGE: 'sqlite',
    };
    const error = await createKisClientFromEnv({ env }).catch((it) => it);
    expect(error).toBeInstanceOf(TypeError);
    for (const name of [...Object.keys(env), 'KIS_APP_KEY is missing']) expect(error.message).toContain(name);
    for (const secret of [appSecret, 'pass', '1234-5678']) expect(error.message).not.toContain(secret);
  });

  test('does not look for what it is given', async () => {
    const client = await createKisClientFromEnv({ env: {}, appKey, appSecret, storage: createMemoryStorage() });
    await client.close();
  });

  test.each([
    ['the world', { environment: 'real' }, { KIS_USE_VIRTUAL_SERVER: 'flase' }],
    ['the origin', { baseUrl: 'http://given.test' }, { KIS_API_BASE_URL_VIRTUAL: 'bad' }],
    ['the other world', {}, { KIS_API_BASE_URL_REAL: 'bad' }],
    ['the other world', { environment: 'real' } as const, { KIS_API_BASE_URL_VIRTUAL: 'bad' }],
    [
      'the storage',
      { storage: createMemoryStorage() },
      {
        KOREA_INVESTMENT_TOKEN_STORAGE: 'sqlite',
        KIS_TOKEN_FILE_PATH: '/a/token.json',
        KOREA_INVESTMENT_TOKEN_FILE: '/b/token.json',
      },
    ],
  ] as const)('does not look at variables of %s where they are not used: %j with %j', async (_, given, bad) => {
    const storage = createMemoryStorage();
    const client = await createKisClientFromEnv({ storage, ...given, env: { ...keys, ...bad } });
    await client.close();
  });

  test('tells its `onEvent` what its token file has met, and no channel of its own', async () => {
    const path = join(await makeFolder(), 'token.json');
    await writeFile(path, 'a letter');
    const published: unknown[] = [];
    const listener = (message: unknown) => void published.push(message);
    subscribe('@kis/client', listener);
    onTestFinished(() => void unsubscribe('@kis/client', listener));
    const events: KisClientEvent[] = [];
    const { dispatcher } = createFakeKis({ environment: 'virtual' });
    const env = { ...keys, KIS_TOKEN_FILE_PATH: path };
    const client = await createKisClientFromEnv({ env, dispatcher, onEvent: (event) => events.push(event) });
    await client.tokens.getToken();
    await client.close();
    expect(events).toContainEqual({
      type: 'storage',
      event: { type: 'mirror-refused', path, reason: 'was written by another program' },
    });
    expect(published).toEqual([]);
  });

  test.each([
    ['KIS_TOKEN_STORAGE', 'KIS_REDIS_URL', 'KIS_REDIS_PASSWORD'],
    ['KOREA_INVESTMENT_TOKEN_STORAGE', 'KOREA_INVESTMENT_REDIS_URL', 'KOREA_INVESTMENT_REDIS_PASSWORD'],
  ])('with %s=redis keeps the token in the Redis of %s with the password of %s', async (storage, url, password) => {
    await using redis = await startRedis({ password: 'testsecret+/=' });
    const fake = createFakeKis();
    const env = { ...keys, KIS_USE_VIRTUAL_SERVER: 'false', [storage]: 'redis', [url]: redis.url };
    const events: KisClientEvent[] = [];
    for (let n = 0; n < 2; n += 1) {
      const given = { dispatcher: fake.dispatcher, onEvent: (event: KisClientEvent) => events.push(event) };
      await using client = await createKisClientFromEnv({ env: { ...env, [password]: 'testsecret+/=' }, ...given });
      await client.getCurrentPrice('005930');
    }
    expect(fake.log().tokenRequests).toBe(1);
    await using client = await createKisClientFromEnv({
      env,
      dispatcher: fake.dispatcher,
      onEvent: (event) => events.push(event),
    });
    await expect(client.getCurrentPrice('005930')).rejects.toMatchObject({ code: 'ERR_TOKEN_STORAGE' });
    expect(events).toContainEqual({ type: 'storage', event: expect.objectContaining({ type: 'redis-failed' }) });
  });

  test('without @kis/storage-redis says what to install', async () => {
    const missing = Object.assign(new Error("Cannot find package '@kis/storage-redis'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(loadRedisStorage(() => Promise.reject(missing))).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED',
      message: expect.stringContaining('npm install @kis/storage-redis'),
    });
  });

  test('without @kis/storage-file says what to install', async () => {
    const missing = Object.assign(new Error("Cannot find package '@kis/storage-file'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(loadFileStorage(() => Promise.reject(missing))).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED',
      message: expect.stringContaining('npm install @kis/storage-file'),
    });
    const within = Object.assign(
      new Error("Cannot find package 'lib' imported from /app/node_modules/@kis/storage-file/dist/index.js"),
      { code: 'ERR_MODULE_NOT_FOUND' },
    );
    await expect(loadFileStorage(() => Promise.reject(within))).rejects.toBe(within);
    const broken = new SyntaxError('of the package itself');
    await expect(loadFileStorage(() => Promise.reject(broken))).rejects.toBe(broken);
  });

  test('keeps its layers: overrides reach the client', async () => {
    const seen: string[] = [];
    const watch: Middleware = (next) => (request) => {
      seen.push(request.trId);
      return next(request);
    };
    const { dispatcher } = createFakeKis();
    const client = await createKisClientFromEnv({
      env: keys,
      dispatcher,
      storage: createMemoryStorage(),
      use: [watch],
    });
    await client.getCurrentPrice('005930');
    await client.close();
    expect(seen).toEqual(['FHKST01010100']);
  });
});
