import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type AnyRedis,
  anyRedis,
  type RedisServer,
  startProxy,
  startRedis,
  startRedisCluster,
} from '@kis/redis-servers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { defineScript } from '../src/index.ts';
import { clusters, connect, errorOf, hosts } from './connections.ts';

const increment = defineScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");
const key = (): string => `kis-connection-${randomBytes(8).toString('hex')}`;

/** How many listen to each of the channels. */
async function numsub(url: string, ...channels: string[]): Promise<unknown[]> {
  const counts = (await connect({ url }).call('pubsub', 'numsub', ...channels)) as unknown[];
  return counts.filter((_, n) => n % 2 === 1);
}

let redis: AnyRedis;
beforeAll(async () => {
  redis = await anyRedis();
});
afterAll(() => redis.stop());

describe('a script', () => {
  test('is run by its name, and by its text where Redis does not know it', async () => {
    await using server = await startRedis();
    const connection = connect({ url: server.url });
    expect(await connection.evaluate(increment, ['n'], [2])).toBe(2);
    await connection.call('script', 'flush');
    expect(await connection.evaluate(increment, ['n'], [2])).toBe(4);
    const stats = String(await connection.call('info', 'commandstats'));
    expect(stats).toContain('cmdstat_evalsha:calls=2,');
    expect(stats).toContain('cmdstat_eval:calls=2,');
    expect(connection.events).toEqual([]);
  });

  test.each(Object.entries(hosts))('runs under the prefix of a client of %s', async (_, open) => {
    const [name, prefix] = [key(), 'app:'];
    await connect({ client: open(redis.url, { keyPrefix: prefix }) }).evaluate(increment, [name], [3]);
    expect(await connect({ url: redis.url }).call('get', `${prefix}${name}`)).toBe('3');
  });

  test.each(Object.entries(clusters))(
    'runs where its keys are in a cluster of three, by a client of %s',
    async (_, open) => {
      await using cluster = await startRedisCluster(3);
      const ports = cluster.nodes.map(({ port }) => port);
      const connection = connect({ client: open(ports.slice(0, 1), { keyPrefix: 'app:' }) });
      for (let n = 0; n < 20; n += 1) expect(await connection.evaluate(increment, [`key-${n}`], [n])).toBe(n);
      expect(await errorOf(connection.evaluate(increment, ['a', 'b'], [1]))).toMatchObject({ code: 'ERR_REDIS' });
    },
  );
});

describe('a message', () => {
  const cases = [
    ...Object.entries(hosts).map(([name, open]) => [`a client of ${name}`, open] as const),
    ['a url', undefined] as const,
  ];
  test.each(cases)('reaches those who listen to its channel, by %s', async (_, open) => {
    const channel = key();
    const connection = connect(
      open === undefined ? { url: redis.url } : { client: open(redis.url, { keyPrefix: 'app:' }) },
    );
    const heard: string[] = [];
    const leave = connection.subscribe(channel, () => heard.push('left'));
    connection.subscribe(channel, () => {
      heard.push('first');
      throw new Error('a listener');
    });
    connection.subscribe(channel, () => heard.push('second'));
    connection.subscribe(`${channel}-other`, () => heard.push('other'));
    await expect
      .poll(() => connect({ url: redis.url }).call('pubsub', 'numsub', channel, `${channel}-other`))
      .toEqual([channel, 1, `${channel}-other`, 1]);
    await setTimeout(50);
    leave();
    heard.length = 0;
    await connection.call('publish', channel, '');
    await expect.poll(() => heard).toEqual(['first', 'second']);
  });

  test('is heard again when Redis is back, and one that may have been missed is told', async () => {
    await using server = await startRedis();
    const connection = connect({ url: server.url });
    let heard = 0;
    connection.subscribe('news', () => {
      heard += 1;
    });
    await expect.poll(() => heard).toBe(1);
    await server.restart();
    await expect.poll(() => heard, { timeout: 1_500 }).toBe(2);
    await connection.call('publish', 'news', '');
    await expect.poll(() => heard).toBe(3);
  });

  test('reaches who leaves its channel and listens again while that is under way', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const connection = connect({ url: proxy.url });
    let heard = 0;
    connection.subscribe('other', () => {});
    const leave = connection.subscribe('news', () => {});
    await expect.poll(() => numsub(server.url, 'news', 'other')).toEqual([1, 1]);
    proxy.delayReplies(500);
    leave();
    await expect.poll(() => numsub(server.url, 'news')).toEqual([0]);
    connection.subscribe('news', () => {
      heard += 1;
    });
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(1);
    await connect({ url: server.url }).call('publish', 'news', '');
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(2);
  });

  test('is heard from the new primary when the old one is gone without a word', async () => {
    await using old = await startRedis();
    await using next = await startRedis();
    await using proxy = await startProxy(old.port);
    const connection = connect({ url: proxy.url, commandTimeoutMs: 300 });
    let heard = 0;
    connection.subscribe('news', () => {
      heard += 1;
    });
    await expect.poll(() => heard).toBe(1);
    await connection.call('ping');
    old.freeze();
    proxy.lead(next.port);
    expect(await errorOf(connection.call('ping'))).toMatchObject({ reason: 'timeout' });
    await expect.poll(() => numsub(next.url, 'news'), { timeout: 5_000 }).toEqual([1]);
    await connection.call('publish', 'news', '');
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(3);
  });

  test('is heard again when Redis froze while it was subscribed to', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const connection = connect({ url: proxy.url, commandTimeoutMs: 300 });
    connection.subscribe('other', () => {});
    await expect.poll(() => numsub(server.url, 'other')).toEqual([1]);
    server.freeze();
    let heard = 0;
    connection.subscribe('news', () => {
      heard += 1;
    });
    // The reply never comes, and the next connection is to another server.
    await using next = await startRedis();
    proxy.lead(next.port);
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(1);
    expect(await numsub(next.url, 'news', 'other')).toEqual([1, 1]);
  });

  test('is not waited for when somebody subscribes after the connection was closed', async () => {
    const connection = connect({ url: redis.url });
    await connection.close();
    const timer = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timer.mockRestore());
    const leave = connection.subscribe('news', () => {});
    await setTimeout(50);
    leave();
    expect(timer).not.toHaveBeenCalled();
  });

  test.each(Object.entries(clusters))(
    'reaches those who listen at another node of a cluster, by a client of %s',
    async (_, open) => {
      await using cluster = await startRedisCluster(3);
      const ports = cluster.nodes.map(({ port }) => port);
      const connection = connect({ client: open(ports) });
      let heard = 0;
      connection.subscribe('news', () => {
        heard += 1;
      });
      await expect.poll(() => heard).toBe(1);
      for (const { url } of cluster.nodes) await connect({ url }).call('publish', 'news', '');
      await expect.poll(() => heard).toBe(4);
    },
  );
});

describe('a connection', () => {
  test('tells of its health: how fast, and who answers', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ replicaOf: primary });
    expect(await connect({ url: primary.url }).health()).toEqual({
      reachable: true,
      latencyMs: expect.any(Number),
      role: 'master',
    });
    expect(await connect({ url: replica.url }).health()).toMatchObject({ reachable: true, role: 'slave' });
    await primary.kill();
    expect(await connect({ url: primary.url }).health()).toEqual({
      reachable: false,
      error: expect.objectContaining({ reason: 'unreachable' }),
    });
  });

  test('closes what it opened, and leaves the client of a host as it is', async () => {
    await using server = await startRedis();
    const clients = async (): Promise<number> =>
      String(await observer.call('client', 'list'))
        .trim()
        .split('\n').length;
    const observer = connect({ url: server.url });
    await observer.call('ping');
    const client = hosts['ioredis 6']?.(server.url);
    await client?.call('ping');
    const [own, given] = [connect({ url: server.url }), connect({ client })];
    for (const connection of [own, given]) {
      connection.subscribe('news', () => {});
      await connection.call('ping');
    }
    await expect.poll(clients).toBe(5);
    await Promise.all([own.close(), given.close()]);
    await expect.poll(clients).toBe(2);
    expect(await client?.call('ping')).toBe('PONG');
    expect(await errorOf(own.call('ping'))).toMatchObject({ reason: 'closed' });
    expect(await errorOf(given.call('ping'))).toMatchObject({ reason: 'closed' });
  });

  test.each(['Redis', 'Cluster'] as const)(
    'does not keep a process alive by its listening, with a %s',
    async (kind) => {
      await using servers = await startRedisCluster(1);
      const { url, port } = servers.nodes[0] as RedisServer;
      const program = `
      import { ${kind} } from 'ioredis';
      import { createRedisConnection } from '@kis/redis-connection';
      const client = new ${kind}(${kind === 'Redis' ? JSON.stringify(url) : `[{ host: '127.0.0.1', port: ${port} }]`});
      await client.ping();
      const connection = createRedisConnection({ client });
      await new Promise((resolve) => void connection.subscribe('news', () => resolve()));
      client.disconnect();
      console.log('heard');
    `;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', program],
        { cwd: fileURLToPath(new URL('..', import.meta.url)), timeout: 20_000 },
      );
      expect(stdout).toBe('heard\n');
    },
  );

  test('uses TLS, and says why where the certificate is not trusted', async () => {
    await using server = await startRedis({ tls: true });
    const error = await errorOf(connect({ url: server.url }).call('ping'));
    expect(error).toMatchObject({ reason: 'unreachable', cause: { message: expect.stringContaining('certificate') } });
    const { Redis } = await import('ioredis');
    const client = new Redis(server.url, { tls: { ca: server.ca } });
    onTestFinished(() => client.disconnect());
    expect(await connect({ client }).call('ping')).toBe('PONG');
  });

  test('takes a user and a database from the url', async () => {
    await using server = await startRedis({ users: ['app on >testsecret+/= ~* +@all'] });
    const connection = connect({
      url: `redis://app:${encodeURIComponent('testsecret+/=')}@127.0.0.1:${server.port}/3`,
    });
    expect(await connection.call('acl', 'whoami')).toBe('app');
    expect(String(await connection.call('client', 'info'))).toContain('db=3');
  });
});
