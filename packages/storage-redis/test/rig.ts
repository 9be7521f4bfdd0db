import { createHash, randomBytes } from 'node:crypto';
import { createFakeKis, type FakeKis, type FakeKisOptions } from '@kis/mock';
import {
  createKisIssuer,
  createTokenManager,
  type Token,
  type TokenManager,
  type TokenManagerOptions,
  tokenKey,
} from '@kis/token-core';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import {
  createRedisStorage,
  type RedisStorage,
  type RedisStorageEvent,
  type RedisStorageOptions,
} from '../src/index.ts';

const appSecret: string = 'testsecret+/='.repeat(13);

/** An account of its own: KIS, its storage and its managers. */
export interface Rig {
  readonly fake: FakeKis;
  readonly appKey: string;
  readonly key: string;
  readonly redisKey: string;
  readonly events: RedisStorageEvent[];
  storage(options?: RedisStorageOptions): RedisStorage;
  manager(storage: RedisStorage, options?: Partial<TokenManagerOptions>): TokenManager;
}

export function createRig(options: RedisStorageOptions, kis: FakeKisOptions = {}): Rig {
  const fake = createFakeKis(kis);
  const appKey = `PS${randomBytes(17).toString('hex').toUpperCase()}`;
  const credentials = { appKey, appSecret, environment: 'real' } as const;
  const events: RedisStorageEvent[] = [];
  const issuer = createKisIssuer({ ...credentials, fetch: (url, init) => fake.handle(new Request(url, init)) });
  return {
    fake,
    appKey,
    key: tokenKey(credentials),
    redisKey: `korea_investment:token:${createHash('sha256').update(appKey).digest('hex').slice(0, 12)}`,
    events,
    storage(more = {}) {
      const storage = createRedisStorage({ ...options, ...more, onEvent: (event) => events.push(event) });
      onTestFinished(() => storage.close?.());
      return storage;
    },
    manager(storage, more = {}) {
      const manager = createTokenManager({ ...credentials, storage, issuer, ...more });
      onTestFinished(() => manager.close());
      return manager;
    },
  };
}

/** A client of a host's, and of the test's own looks. */
export function open(url: string): Redis {
  const client: Redis = new Redis(url);
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

export function token(name: string, lifeMs = 86_400_000): Token {
  const issuedAtMs = Math.floor(Date.now() / 1_000) * 1_000;
  return { value: name.padEnd(120, '.'), issuedAtMs, expiresAtMs: issuedAtMs + lifeMs };
}

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
