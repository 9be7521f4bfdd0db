import { readFileSync } from 'node:fs';
import { startRedisCluster } from '@kis/redis-servers';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCount, useLimiter, useRedis } from './budgets.ts';

/** Four at once of each, so that none of them can be served alone. */
async function expectShared(...clients: readonly (Redis | Cluster)[]): Promise<void> {
  const limiters = clients.map((client) => useLimiter({ client }));
  const count = createCount();
  await count.run(limiters, 8);
  expect(count.mostIn(99)).toBeLessThanOrEqual(4);
  for (const { events } of limiters) expect(events).toEqual([]);
}

describe('a client of the host', () => {
  test.each([
    ['ioredis 6', Redis],
    ['ioredis 5', Redis5 as unknown as typeof Redis],
  ])('%s: it shares with those that were given a url, and is left open', async (_, Client) => {
    const { url } = await useRedis();
    const client = new Client(url);
    onTestFinished(() => client.disconnect());
    const [given, own] = [useLimiter({ client }), useLimiter({ url })];
    const count = createCount();
    await count.run([given, own], 8);
    expect(count.mostIn(99)).toBeLessThanOrEqual(4);
    await given.limiter.close();
    expect(await client.ping()).toBe('PONG');
    expect([...given.events, ...own.events]).toEqual([]);
  });

  test('its `keyPrefix` stands before the keys', async () => {
    const { url } = await useRedis();
    const [client, plain] = [new Redis(url, { keyPrefix: 'mine:' }), new Redis(url)];
    onTestFinished(() => [client, plain].forEach((one) => void one.disconnect()));
    await expectShared(client, client);
    expect((await plain.keys('*')).sort()).toEqual(['mine:{kis:test}:slots', 'mine:{kis:test}:state']);
  });

  test.each([1, 3] as const)('a Cluster of %i', async (nodes) => {
    const cluster = await startRedisCluster(nodes);
    onTestFinished(() => cluster.stop());
    const clients = [0, 1].map(() => new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))));
    onTestFinished(() => clients.forEach((client) => void client.disconnect()));
    await expectShared(...clients);
  });

  test('a server that asks for TLS, and a user with the rights that the README names and no others', async () => {
    const rights = '~{kis:*}:* +evalsha +eval +time +get +set +del +pexpire +@sortedset +info';
    expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(`\`${rights}\``);
    const redis = await useRedis({ tls: true, users: [`lim on >testsecret+/= ${rights}`] });
    const tls = { ca: redis.ca };
    const client = new Redis(redis.url, { tls, username: 'lim', password: 'testsecret+/=', enableReadyCheck: false });
    onTestFinished(() => client.disconnect());
    await expectShared(client, client);
  });
});
