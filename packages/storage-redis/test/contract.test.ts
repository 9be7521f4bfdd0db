import { randomBytes } from 'node:crypto';
import { type AnyRedis, anyRedis, type RedisCluster, startRedisCluster } from '@kis/redis-servers';
import { createMemoryStorage } from '@kis/token-core';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5';
import { afterAll, beforeAll, describe, onTestFinished, test } from 'vitest';
import { createRedisStorage, type RedisStorage, type RedisStorageOptions } from '../src/index.ts';

let redis: AnyRedis;
let cluster: RedisCluster;
beforeAll(async () => {
  [redis, cluster] = await Promise.all([anyRedis(), startRedisCluster(3)]);
});
afterAll(() => Promise.all([redis.stop(), cluster.stop()]));

function kept<T extends { disconnect(): void }>(client: T): T {
  onTestFinished(() => client.disconnect());
  return client;
}

/** Two storages, as two servers have them. */
function two(options: () => RedisStorageOptions): RedisStorage[] {
  return [createRedisStorage(options()), createRedisStorage(options())];
}

describe('a storage in memory keeps the contract', () => {
  tokenStorageConformance(test, () => createMemoryStorage());
});

describe('two Redis storages over one url keep the contract', () => {
  tokenStorageConformance(test, () => two(() => ({ url: redis.url })));
});

describe('a Redis storage with the secret for Python keeps the contract', () => {
  const python = { appKey: 'PSFAKE', appSecret: 'testsecret+/=' };
  tokenStorageConformance(test, () => two(() => ({ url: redis.url, python, keyPrefix: 'mine:' })));
});

type Open = (options?: { keyPrefix?: string }) => NonNullable<RedisStorageOptions['client']>;
const nodes = () => cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));

const clients: Readonly<Record<string, Open>> = {
  'ioredis 6': (options = {}) => kept(new Redis(redis.url, options)),
  'ioredis 5': (options = {}) => kept(new Redis5(redis.url, options)),
  'ioredis 6 of a cluster': (options = {}) => kept(new Cluster(nodes(), options)),
  'ioredis 5 of a cluster': (options = {}) => kept(new Cluster5(nodes(), options)),
};

describe.each(Object.entries(clients))('over clients of %s', (_, open) => {
  describe('two Redis storages keep the contract', () => {
    tokenStorageConformance(test, () => two(() => ({ client: open() })));
  });

  describe('two Redis storages with a `keyPrefix` of the host keep the contract', () => {
    tokenStorageConformance(test, () => {
      const keyPrefix = `${randomBytes(4).toString('hex')}:`;
      return two(() => ({ client: open({ keyPrefix }) }));
    });
  });
});
