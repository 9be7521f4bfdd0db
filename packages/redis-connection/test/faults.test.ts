import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { startProxy, startRedis } from '@kis/redis-servers';
import { describe, expect, test } from 'vitest';
import { defineScript, type RedisConnection } from '../src/index.ts';
import { connect, errorOf, hosts } from './connections.ts';

const password = 'testsecret+/=';

async function untilWorks(connection: RedisConnection): Promise<void> {
  await expect.poll(() => errorOf(connection.call('ping')), { timeout: 10_000 }).toBeUndefined();
}

describe('a Redis that is gone', () => {
  test('at the start is told at once with the cause, and found when it comes', async () => {
    await using server = await startRedis();
    await server.kill();
    const connection = connect({ url: server.url });
    expect(await errorOf(connection.call('ping'))).toMatchObject({
      code: 'ERR_REDIS',
      reason: 'unreachable',
      cause: { code: 'ECONNREFUSED' },
    });
    await server.restart();
    await untilWorks(connection);
    expect(connection.events.map(({ type }) => type)).toEqual(['redis-failed', 'redis-recovered']);
  });

  test('in mid-run costs nobody more than the bound, and makes no storm of connections', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const connection = connect({ url: proxy.url });
    await connection.call('ping');
    await server.kill();
    const before = proxy.connections;
    const endMs = performance.now() + 1_000;
    while (performance.now() < endMs) {
      await Promise.all(Array.from({ length: 20 }, () => errorOf(connection.call('ping'))));
      await setTimeout(5);
    }
    // A pause of 250 ms after each that failed.
    expect(proxy.connections - before).toBeLessThanOrEqual(6);
    await server.restart();
    await untilWorks(connection);
  });

  test('takes a command whose connection breaks once more', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const connection = connect({ url: proxy.url });
    await connection.call('ping');
    const lost = proxy.loseReplyTo('incr');
    expect(await connection.call('incr', 'n')).toBe(2);
    await lost;
    expect(connection.events).toEqual([]);
  });
});

describe('a Redis that is frozen', () => {
  test.each([['a url', undefined], ...Object.entries(hosts)] as const)(
    'answers in time or not at all, by %s',
    async (_, open) => {
      await using server = await startRedis();
      const from = open === undefined ? { url: server.url } : { client: open(server.url) };
      const connection = connect({ ...from, commandTimeoutMs: 1_000 });
      await connection.call('ping');
      server.freeze();
      expect(await errorOf(connection.call('incr', 'n'))).toMatchObject({ reason: 'timeout' });
      server.thaw();
      await untilWorks(connection);
      expect(await connection.call('get', 'n')).toBe('1');
    },
  );

  test('while it is connected to is tried twice, a second each', async () => {
    await using server = await startRedis();
    server.freeze();
    const error = await errorOf(connect({ url: server.url }).call('ping'));
    expect(error).toMatchObject({ reason: 'timeout', cause: { message: 'no answer within 1000 ms' } });
  });

  test('for a moment answers a process that was frozen with it', async () => {
    await using server = await startRedis();
    const connection = connect({ url: server.url, commandTimeoutMs: 300 });
    await connection.call('ping');
    const answer = connection.call('ping');
    // It has left, and nothing is read yet.
    for (let turns = 0; turns < 20; turns += 1) await undefined;
    // The reply lies in the socket, and the timer is due.
    const endMs = performance.now() + 1_000;
    while (performance.now() < endMs);
    expect(await answer).toBe('PONG');
  });
});

describe('a Redis that refuses', () => {
  test('a password is asked again no sooner than after five seconds', async () => {
    await using server = await startRedis({ password });
    await using proxy = await startProxy(server.port);
    const wrong = `${password}wrong`;
    const connections = [
      connect({ url: proxy.url, password: wrong }),
      connect({ url: `redis://:${encodeURIComponent(wrong)}@127.0.0.1:${proxy.port}` }),
      connect({ url: proxy.url }),
    ];
    const replies: unknown[] = [];
    for (const connection of connections) {
      for (let n = 0; n < 5; n += 1) {
        const error = (await errorOf(connection.call('set', 'a', password))) as { reply?: string };
        expect(inspect(error, { depth: 9 })).not.toContain('testsecret');
        if (n === 4) replies.push(error.reply);
        await setTimeout(100);
      }
    }
    expect(replies).toEqual(['WRONGPASS', 'WRONGPASS', 'NOAUTH']);
    expect(proxy.connections).toBe(3);
    expect(await connect({ url: proxy.url, password }).call('ping')).toBe('PONG');
  });

  test('a command shows the cause, none of its arguments, and keeps the connection', async () => {
    await using server = await startRedis({ users: ['lim on >testsecret+/= ~kis:* +get +set'] });
    await using proxy = await startProxy(server.port);
    const connection = connect({ url: `redis://lim:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}` });
    const error = await errorOf(connection.evaluate(defineScript('return 1'), ['kis:a'], [password]));
    expect(error).toMatchObject({ reason: 'refused', reply: 'NOPERM', message: expect.stringContaining("'evalsha'") });
    expect(inspect(error, { depth: 9 })).not.toContain('testsecret');
    expect(await connection.call('set', 'kis:a', '1')).toBe('OK');
    expect(proxy.connections).toBe(1);
  });

  test('to tell of its health answers all the same: it is reachable, and that is no failure', async () => {
    await using server = await startRedis({ users: ['lim on >testsecret+/= ~* +get'] });
    const connection = connect({ url: `redis://lim:${encodeURIComponent(password)}@127.0.0.1:${server.port}` });
    expect(await connection.health()).toEqual({ reachable: true, latencyMs: expect.any(Number) });
    expect(connection.events).toEqual([]);
  });

  test('a command that it does not know is told without the arguments', async () => {
    await using server = await startRedis({ config: ['--rename-command', 'EVALSHA', ''] });
    const connection = connect({ url: server.url });
    for (const failing of [
      connection.call('unheard', password),
      connection.evaluate(defineScript('return 1'), ['a'], [password]),
    ]) {
      const error = await errorOf(failing);
      expect(error).toMatchObject({ reason: 'refused', message: expect.stringContaining('unknown command') });
      expect(inspect(error, { depth: 9 })).not.toContain('testsecret');
    }
  });

  test('a write because it is a replica is told so, and is not connected to over and over', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ replicaOf: primary });
    await using proxy = await startProxy(replica.port);
    const connection = connect({ url: proxy.url });
    for (let n = 0; n < 20; n += 1)
      expect(await errorOf(connection.call('set', 'a', 1))).toMatchObject({ reply: 'READONLY' });
    expect(proxy.connections).toBe(1);
  });

  test('a database that it does not have is never taken for another', async () => {
    await using server = await startRedis();
    const error = await errorOf(connect({ url: `${server.url}/99` }).call('set', 'a', 1));
    expect(error).toMatchObject({ reason: 'unreachable', message: expect.stringContaining('DB index') });
    expect(await connect({ url: server.url }).call('get', 'a')).toBeNull();
  });
});
