import { type AnyRedis, anyRedis, startRedisCluster } from '@kis/redis-servers';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ConformanceTest, rateLimiterConformance } from '../../src/conformance.ts';
import { createRedisRateLimiter, type RedisRateLimiterOptions } from '../../src/redis.ts';
import { untilGrown } from './budgets.ts';

const inTime: ConformanceTest = (name, run) => test.concurrent(name, { timeout: 30_000 }, run);

let budgets = 0;
function newBudget(): string {
  budgets += 1;
  return `test-${process.pid}-${budgets}`;
}

/** The longest window of the suite. */
const windowSeconds = 15;

let redis: AnyRedis;
let cluster: Cluster;
const clients: { disconnect(): void }[] = [];
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  redis = await anyRedis();
  const { nodes, stop } = await startRedisCluster(3);
  stops.push(() => redis.stop(), stop);
  cluster = keep(new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port }))));
  const all = [redis, ...nodes].map(({ url }) => keep(new Redis(url)));
  await untilGrown(all, windowSeconds + 1);
}, 60_000);
afterAll(async () => {
  for (const client of clients) client.disconnect();
  for (const stop of stops) await stop();
});

function keep<T extends { disconnect(): void }>(client: T): T {
  clients.push(client);
  return client;
}

const places: Readonly<Record<string, () => readonly Partial<RedisRateLimiterOptions>[]>> = {
  Redis: () => [{ url: redis.url }, { url: redis.url }, { url: redis.url }],
  'Redis, by clients of the host with a `keyPrefix`': () => {
    const client = keep(new Redis(redis.url, { keyPrefix: 'mine:' }));
    return [{ client }, { client }, { client }];
  },
};

describe.each(Object.entries(places))('limiters that share a budget in %s', (_, place) => {
  rateLimiterConformance(inTime, (options) => {
    const budget = newBudget();
    return place().map((where) => createRedisRateLimiter({ ...options, ...where, budget }));
  });
});

describe('limiters that share a budget in a Cluster', () => {
  rateLimiterConformance(inTime, (options) => {
    const budget = newBudget();
    return [1, 2, 3].map(() => createRedisRateLimiter({ ...options, client: cluster, budget }));
  });
});
