import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anyRedis, startProxy, startRedis, startRedisCluster } from '../src/index.ts';

const password = 'testsecret+/=';

function open(url: string, options = {}): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: 0, ...options });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a Redis for tests', () => {
  test('is another one for each who asks, and is gone when it is stopped', async () => {
    const servers = await Promise.all(Array.from({ length: 6 }, () => startRedis()));
    expect(new Set(servers.map(({ port }) => port)).size).toBe(6);
    for (const { url } of servers) expect(await open(url).ping()).toBe('PONG');
    await Promise.all(servers.map((server) => server.stop()));
    expect(servers.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  test('is killed, and comes back empty on the same port', async () => {
    await using server = await startRedis();
    await open(server.url).set('a', '1');
    const { pid } = server;
    await server.kill();
    expect(isAlive(pid)).toBe(false);
    await expect(open(server.url).ping()).rejects.toThrow();
    await server.restart();
    expect(await open(server.url).get('a')).toBeNull();
  });

  test('answers nothing while it is frozen', async () => {
    await using server = await startRedis();
    const client = open(server.url);
    await client.ping();
    server.freeze();
    const answer = client.ping();
    expect(await Promise.race([answer, setTimeout(200, 'silence')])).toBe('silence');
    server.thaw();
    expect(await answer).toBe('PONG');
  });

  test('has a password, users, TLS and a replica where they are asked for', async () => {
    await using server = await startRedis({ password, users: ['lim on >testsecret+/=2 ~kis:* +get +ping'] });
    await using replica = await startRedis({ password, replicaOf: server });
    await using tls = await startRedis({ tls: true, config: ['--maxmemory', '2mb'] });
    await expect(open(server.url).ping()).rejects.toThrow('NOAUTH');
    await open(server.url, { password }).set('kis:a', '1');
    const limited = open(server.url, { username: 'lim', password: `${password}2` });
    expect(await limited.get('kis:a')).toBe('1');
    await expect(limited.set('kis:a', '2')).rejects.toThrow('NOPERM');
    await expect(open(replica.url, { password }).set('b', '1')).rejects.toThrow('READONLY');
    expect(await open(tls.url, { tls: { ca: tls.ca } }).config('GET', 'maxmemory')).toMatchObject([
      'maxmemory',
      '2097152',
    ]);
  });

  test('does not outlive a process that is killed', async () => {
    const boot = new URL('starter.boot.mjs', import.meta.url);
    const starter = spawn(process.execPath, [boot.pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(starter.stdout), 'line')) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    starter.kill('SIGKILL');
    while (isAlive(pid)) await setTimeout(20);
  });

  test('is the one of `REDIS_URL` where any will do', async () => {
    const before = process.env.REDIS_URL;
    onTestFinished(() => {
      if (before === undefined) delete process.env.REDIS_URL;
      else process.env.REDIS_URL = before;
    });
    process.env.REDIS_URL = 'redis://127.0.0.1:1/5';
    expect((await anyRedis()).url).toBe('redis://127.0.0.1:1/5');
    delete process.env.REDIS_URL;
    await using own = await anyRedis();
    expect(await open(own.url).ping()).toBe('PONG');
  });
});

describe('a cluster for tests', () => {
  test.each([1, 3] as const)('of %i has all slots, and keeps them over a restart of a node', async (size) => {
    await using cluster = await startRedisCluster(size);
    const open = () => {
      const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
      onTestFinished(() => client.disconnect());
      return client;
    };
    const keys = Array.from({ length: 50 }, (_, n) => `key-${n}`);
    const writer = open();
    for (const key of keys) await writer.set(key, 'kept');
    await cluster.restart(0);
    const reader = open();
    const values = await Promise.all(keys.map((key) => reader.get(key)));
    expect(new Set(values)).toEqual(new Set(size === 1 ? [null] : [null, 'kept']));
  });
});

describe('a proxy for tests', () => {
  test('loses the reply to a request that was carried out', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const client = open(proxy.url);
    await client.ping();
    const isLost = proxy.loseReplyTo('incr');
    await expect(client.incr('n')).rejects.toThrow();
    await isLost;
    expect(await open(server.url).get('n')).toBe('1');
  });

  test('refuses, until it accepts again', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    await open(proxy.url).ping();
    await proxy.refuse();
    await expect(open(proxy.url).ping()).rejects.toThrow();
    await proxy.accept();
    expect(await open(proxy.url).ping()).toBe('PONG');
    expect(proxy.connections).toBe(2);
  });

  test('holds replies back', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const client = open(proxy.url);
    await client.ping();
    proxy.delayReplies(300);
    const reply = client.ping();
    const past = open(server.url).ping();
    expect(await Promise.race([reply.then(() => 'delayed'), past])).toBe('PONG');
    expect(await reply).toBe('PONG');
  });
});
