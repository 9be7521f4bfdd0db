import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { anyRedis, startProxy } from '@kis/redis-servers';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keysOf } from '../../src/redis/redis-budget.ts';
import { createCount, untilGrown, useLimiter, useRedis, type Watched } from './budgets.ts';

const typesOf = ({ events }: Watched) => events.map(({ type }) => type);

/** An own client for commands of the test's. */
function useClient(url: string): Redis {
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  return client;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a Redis that cannot be asked leaves each limiter its share', () => {
  test('no server listens', async () => {
    const watched = useLimiter({ url: 'redis://127.0.0.1:1', commandTimeoutMs: 500 });
    const count = createCount();
    await count.run([watched], 6);
    expect(count.ran).toBe(6);
    expect(typesOf(watched)).toEqual(['degraded']);
  });

  test('the password is wrong, and is told to nobody', async () => {
    const redis = await useRedis({ password: 'right' });
    const watched = useLimiter({ url: redis.url, password: 'testsecret+/=' });
    const count = createCount();
    await count.run([watched], 6);
    expect(count.ran).toBe(6);
    expect(typesOf(watched)).toEqual(['degraded']);
    expect(inspect(watched.events, { depth: 9 })).not.toContain('testsecret');
  });

  test('the user may not run scripts', async () => {
    const redis = await useRedis({ users: ['lim on >testsecret+/= ~* +@all -@scripting'] });
    const url = redis.url.replace('//', '//lim@');
    const watched = useLimiter({ url, password: 'testsecret+/=' });
    const count = createCount();
    await count.run([watched], 6);
    expect(count.ran).toBe(6);
    expect(typesOf(watched)).toEqual(['degraded']);
  });

  test('it is a replica, which takes no writes', async () => {
    const primary = await useRedis();
    const replica = await useRedis({ replicaOf: primary });
    const watched = useLimiter({ url: replica.url });
    const count = createCount();
    await count.run([watched], 6);
    expect(count.ran).toBe(6);
    expect(typesOf(watched)).toEqual(['degraded']);
  });

  test('what it holds is of another version of this package, which is left alone', async () => {
    await using redis = await anyRedis();
    const budget = `test-${process.pid}-format`;
    const client = useClient(redis.url);
    const [, state] = keysOf(budget);
    await client.eval("redis.call('SET', KEYS[1], cmsgpack.pack({ format = 99 }), 'PX', 60000)", 1, String(state));
    const watched = useLimiter({ url: redis.url, budget });
    const count = createCount();
    await count.run([watched], 6);
    expect(count.ran).toBe(6);
    expect(inspect(watched.events, { depth: 9 })).toContain('another format');
    expect(await client.eval("return cmsgpack.unpack(redis.call('GET', KEYS[1])).format", 1, String(state))).toBe(99);
  });

  test('its memory is full and nothing may be evicted', async () => {
    const redis = await useRedis({ config: ['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction'] });
    const watched = useLimiter({ url: redis.url });
    const count = createCount();
    await count.run([watched], 6);
    expect(count.ran).toBe(6);
    expect(typesOf(watched)).toEqual(['degraded']);
  });
});

describe('a Redis that loses what it knew, or its replies, lets no window take more than the limit', () => {
  test.each<[string, (client: Redis) => Promise<unknown>]>([
    ['FLUSHALL', (client) => client.flushall()],
    ['one key is evicted', (client) => client.del('{kis:test}:slots')],
    ['the other key is evicted', (client) => client.del('{kis:test}:state')],
  ])('%s', async (_, lose) => {
    const redis = await useRedis();
    const client = useClient(redis.url);
    const both = [useLimiter({ url: redis.url }), useLimiter({ url: redis.url })];
    const count = createCount();
    // Both know the state that is lost.
    await count.run(both, 1);
    const running = count.run(both, 12);
    for (const ran of [6, 12, 18]) {
      await until(() => count.ran >= ran);
      await lose(client);
    }
    await running;
    expect(count.mostIn(99)).toBeLessThanOrEqual(4);
    expect(both.flatMap(typesOf)).toEqual([]);
  });

  test.each(['slots', 'state'])(
    'one key of two is evicted (%s), and one comes first that knew nothing',
    async (key) => {
      const redis = await useRedis();
      const client = useClient(redis.url);
      await untilGrown([client], 3);
      const known = useLimiter({ url: redis.url });
      const count = createCount();
      await count.run([known], 4);
      await client.del(`{kis:test}:${key}`);
      await count.run([useLimiter({ url: redis.url })], 4);
      expect(count.mostIn(99)).toBeLessThanOrEqual(4);
    },
  );

  test('a replica takes over that had not heard of all', async () => {
    const redis = await useRedis();
    const client = useClient(redis.url);
    const keys = keysOf('test');
    const both = [useLimiter({ url: redis.url }), useLimiter({ url: redis.url })];
    const count = createCount();
    await count.run(both, 1);
    await until(() => both.every(({ limiter }) => limiter.stats().slotsInUse === 0));
    const before = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
    const running = count.run(both, 12);
    await until(() => count.ran >= 12);
    const back = client.multi();
    for (const [index, key] of keys.entries()) back.restore(key, 0, before[index] as Buffer, 'REPLACE');
    await back.exec();
    await running;
    expect(count.mostIn(99)).toBeLessThanOrEqual(4);
    expect(both.flatMap(typesOf)).toEqual([]);
  });

  test('replies are lost', async () => {
    const redis = await useRedis();
    const proxy = await startProxy(redis.port);
    onTestFinished(() => proxy.stop());
    const one = useLimiter({ url: proxy.url });
    const both = [one, useLimiter({ url: redis.url })];
    const count = createCount();
    const running = count.run(both, 12);
    for (let n = 0; n < 3; n += 1) {
      // Sent again, it is answered: two in a row that are lost are a Redis that is gone.
      const { granted } = one.limiter.stats();
      await until(() => one.limiter.stats().granted > granted);
      await proxy.loseReplyTo('evalsha');
    }
    await running;
    expect(count.mostIn(99)).toBeLessThanOrEqual(4);
    expect(both.flatMap(typesOf)).toEqual([]);
  });

  test('keys are evicted to make room for others', async () => {
    const redis = await useRedis({ config: ['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-random'] });
    const client = useClient(redis.url);
    const both = [useLimiter({ url: redis.url }), useLimiter({ url: redis.url })];
    const count = createCount();
    // Who is new cannot know that something was lost.
    await count.run(both, 1);
    const other = (n: number) => [`other-${n % 500}`, 'x'.repeat(16_000)] as const;
    const full = client.pipeline();
    for (let n = 0; n < 250; n += 1) full.set(...other(n));
    await full.exec();
    const running = count.run(both, 10);
    let isOver = false;
    void running.finally(() => {
      isOver = true;
    });
    // Without a rest between them hardly a window would pass before the next loss.
    for (let n = 0; !isOver; n += 1) {
      await client.set(...other(n));
      await sleep(1);
    }
    await running;
    const evicted = /evicted_keys:(\d+)/.exec(await client.info('stats'))?.[1];
    expect(Number(evicted)).toBeGreaterThan(0);
    expect(count.mostIn(99)).toBeLessThanOrEqual(4);
  });
});

describe('what a budget leaves in Redis', () => {
  test('goes away when nobody asks any more', async () => {
    await using redis = await anyRedis();
    const budget = `test-${process.pid}`;
    const watched = useLimiter({ url: redis.url, budget });
    await createCount().run([watched], 1);
    const client = useClient(redis.url);
    const keys = await client.keys(`{kis:${budget}}:*`);
    expect(keys.sort()).toEqual([`{kis:${budget}}:slots`, `{kis:${budget}}:state`]);
    for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
  });
});
