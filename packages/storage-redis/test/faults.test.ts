import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type RedisServer, startProxy, startRedis, startRedisCluster } from '@kis/redis-servers';
import { Cluster } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRig, errorOf, open, type Rig, token } from './rig.ts';

const password = 'testsecret+/=';
/** A test fails after this; how soon it is, the bench tells. */
const soon = { timeout: 10_000 };
const attempt = { id: 'a', by: 'h.b.n.1.2', atMs: 0, outcome: 'pending', leaseMs: 60_000 } as const;

describe('R1: a Redis that is down at the start', () => {
  test('is an error that names the cause and asks KIS nothing; when it comes, there is one token for all', async () => {
    await using server = await startRedis();
    await server.kill();
    const rig = createRig({ url: server.url });
    const managers = [rig.manager(rig.storage()), rig.manager(rig.storage())];
    for (const manager of managers) {
      expect(await errorOf(manager.getToken())).toMatchObject({
        code: 'ERR_TOKEN_STORAGE',
        cause: { code: 'ERR_REDIS', reason: 'unreachable', cause: { code: 'ECONNREFUSED' } },
      });
    }
    expect(rig.fake.log().tokenRequests).toBe(0);
    await server.restart();
    await expect.poll(() => errorOf(managers[0]?.getToken() as Promise<unknown>), soon).toBeUndefined();
    expect(await managers[1]?.getToken()).toEqual(await managers[0]?.getToken());
    expect(rig.fake.log().tokenRequests).toBe(1);
  });
});

describe('R2: a Redis that is killed and comes back empty', () => {
  test('has the token again soon from a manager that holds it, and whoever comes then asks KIS nothing', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url }, { sameTokenMs: 0 });
    const holder = rig.manager(rig.storage());
    const held = await holder.getToken();
    await server.kill();
    expect(await holder.getToken()).toEqual(held);
    await server.restart();
    await expect.poll(() => storedToken(server, rig), soon).toBe(held.value);
    expect(await rig.manager(rig.storage()).getToken()).toEqual(held);
    expect(rig.fake.log().tokenRequests).toBe(1);
  });

  test('is not given a token that was revoked', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url });
    const [holder, other] = [rig.manager(rig.storage()), rig.manager(rig.storage())];
    const held = await holder.getToken();
    expect(await other.getToken()).toEqual(held);
    await holder.revoke();
    await expect.poll(async () => (await other.status()).state, soon).toBe('NO_TOKEN');
    await server.restart();
    const after = rig.storage();
    await expect.poll(() => errorOf(after.read(rig.key)), soon).toBeUndefined();
    // Longer than a holder takes to give one again.
    await setTimeout(1_500);
    expect((await after.read(rig.key))?.record.token).toBeUndefined();
  });

  test('tells those who watch', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url });
    const storage = rig.storage();
    await storage.compareAndSet(rig.key, undefined, { token: token('a'), attempts: [], dead: [] });
    let calls = 0;
    storage.watch?.(rig.key, () => {
      calls += 1;
    });
    await expect.poll(() => calls).toBe(1);
    await server.restart();
    await expect.poll(() => calls, soon).toBe(2);
    expect(await storage.read(rig.key)).toBeUndefined();
  });
});

describe('R3: a Redis that is frozen', () => {
  test('costs a caller the bound; a claim that is carried out late is found by its id, and leads to one question', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url, commandTimeoutMs: 300 });
    const client = open(server.url);
    await client.ping();
    const storage = rig.storage({ url: undefined, client });
    await storage.compareAndSet('real-other', undefined, { attempts: [], dead: [] });
    server.freeze();
    const claim = { attempts: [attempt], dead: [] };
    expect(await errorOf(storage.compareAndSet(rig.key, undefined, claim))).toMatchObject({ reason: 'timeout' });
    server.thaw();
    await expect.poll(async () => (await storage.read(rig.key))?.record).toEqual(claim);
    // Whoever wrote it may go on from it; nobody else can have.
    expect(await storage.compareAndSet(rig.key, undefined, claim)).toBeUndefined();
  });

  test('in the middle of a claim leads to no second question', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url, commandTimeoutMs: 300 });
    const managers = [1, 2, 3].map(() => rig.manager(rig.storage({ url: undefined, client: open(server.url) })));
    await Promise.all(managers.map((manager) => manager.status()));
    const tokens = managers.map((manager) => errorOf(manager.getToken()));
    server.freeze();
    await setTimeout(500);
    server.thaw();
    await Promise.all(tokens);
    await Promise.all(managers.map((manager) => manager.getToken()));
    expect(rig.fake.log().tokenRequests).toBe(1);
  });
});

describe('R4: a reply that is lost', () => {
  test.each(['of our own', 'of a host'])(
    'is found again by a write that is sent once more, by a client %s',
    async (whose) => {
      await using server = await startRedis();
      await using proxy = await startProxy(server.port);
      const rig = createRig({ url: proxy.url });
      const storage = rig.storage(whose === 'of a host' ? { url: undefined, client: open(proxy.url) } : {});
      const first = await storage.compareAndSet(rig.key, undefined, { attempts: [], dead: [] });
      const lost = proxy.loseReplyTo('evalsha');
      const version = await storage.compareAndSet(rig.key, first, { attempts: [attempt], dead: [] });
      await lost;
      expect(version).not.toBeUndefined();
      expect(await storage.read(rig.key)).toEqual({ version, record: { attempts: [attempt], dead: [] } });
    },
  );

  test('of a claim costs no second question', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const rig = createRig({ url: proxy.url });
    const [one, two] = [rig.manager(rig.storage()), rig.manager(rig.storage())];
    await one.status();
    const lost = proxy.loseReplyTo('evalsha');
    const [mine, theirs] = await Promise.all([one.getToken(), two.getToken()]);
    await lost;
    expect(mine).toEqual(theirs);
    expect(rig.fake.log().tokenRequests).toBe(1);
  });
});

describe('R4: a delete', () => {
  const record = { attempts: [attempt], dead: [] };

  test('that is sent once more after a lost reply leaves what was written in between', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const rig = createRig({ url: proxy.url });
    const [storage, other] = [rig.storage(), rig.storage({ url: server.url })];
    const first = await storage.compareAndSet(rig.key, undefined, { attempts: [], dead: [] });
    // It finds what is there by the first, and deletes it by the second.
    const lost = proxy.loseReplyTo(first ?? '');
    const deleted = storage.delete(rig.key);
    await lost;
    // Its next connection is not greeted before the other has written.
    proxy.delayReplies(300);
    const version = await other.compareAndSet(rig.key, undefined, record);
    await deleted;
    expect(await other.read(rig.key)).toEqual({ version, record });
  });

  test('that was given up and is carried out late leaves what was written since', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url });
    const [storage, client] = [rig.storage(), open(server.url)];
    await storage.delete('real-other');
    const first = await storage.compareAndSet(rig.key, undefined, { attempts: [], dead: [] });
    let carryOut = async (): Promise<unknown> => expect.fail('it was not sent');
    const slow = {
      call(...args: Parameters<typeof client.call>) {
        if (!args.includes(first ?? '')) return client.call(...args);
        carryOut = () => client.call(...args);
        return new Promise(() => {});
      },
      duplicate: () => client.duplicate(),
    };
    const deleting = rig.storage({ url: undefined, client: slow, commandTimeoutMs: 100 }).delete(rig.key);
    expect(await errorOf(deleting)).toMatchObject({ reason: 'timeout' });
    const version = await storage.compareAndSet(rig.key, first, record);
    await carryOut();
    expect(await storage.read(rig.key)).toEqual({ version, record });
  });
});

describe('R5: a failover that loses the last writes', () => {
  test('leads to no second question by those who made them, and to no older token', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ replicaOf: primary });
    await using proxy = await startProxy(primary.port);
    const rig = createRig({ url: proxy.url }, { issueIntervalMs: 60_000, sameTokenMs: 0 });
    const storage = rig.storage();
    const older = token('older', 3_600_000);
    await storage.compareAndSet(rig.key, undefined, { token: older, attempts: [], dead: [] });
    await leaveBehind(primary, replica, rig);
    const manager = rig.manager(storage);
    const held = await manager.refresh();
    expect(held.expiresAtMs).toBeGreaterThan(older.expiresAtMs);
    proxy.lead(replica.port);
    await primary.kill();
    expect(await storedToken(replica, rig)).toBe(older.value);
    expect(await manager.getToken()).toEqual(held);
    await expect.poll(() => storedToken(replica, rig), soon).toBe(held.value);
    // Forced, and the interval is still remembered although its record was lost.
    expect(await errorOf(manager.refresh({ signal: AbortSignal.timeout(300) }))).toMatchObject({
      name: 'TimeoutError',
    });
    expect(await rig.manager(rig.storage()).getToken()).toEqual(held);
    expect(rig.fake.log().tokenRequests).toBe(1);
  });

  test.each([
    ['an older record', [{ id: 'old', by: 'h.b.n.1.2', atMs: 5, outcome: 'issued' }]],
    ['nothing', undefined],
  ] as const)('leads, where %s is left, to no second question by who waits on a claim that is lost', async (_, old) => {
    await using primary = await startRedis();
    await using replica = await startRedis({ replicaOf: primary });
    await using proxy = await startProxy(primary.port);
    const rig = createRig({ url: proxy.url }, { issueIntervalMs: 0, sameTokenMs: 0, tokenLatencyMs: 3_000 });
    const storages = [rig.storage(), rig.storage()] as const;
    if (old !== undefined) {
      await storages[0].compareAndSet(rig.key, undefined, { token: token('old', -1_000), attempts: old, dead: [] });
    }
    await leaveBehind(primary, replica, rig);
    const first = rig.manager(storages[0]).getToken();
    await expect.poll(async () => (await storages[1].read(rig.key))?.record.attempts[0]?.outcome).toBe('pending');
    const waits: string[] = [];
    const second = rig
      .manager(storages[1], { onEvent: (event) => event.type === 'waiting' && waits.push(event.reason) })
      .getToken();
    await expect.poll(() => waits).toEqual(['claimed']);
    proxy.lead(replica.port);
    await primary.kill();
    expect(await second).toEqual(await first);
    expect(rig.fake.log().tokenRequests).toBe(1);
  });
});

/** The replica has what is stored now, and hears nothing of what comes. */
async function leaveBehind(primary: RedisServer, replica: RedisServer, rig: Rig): Promise<void> {
  const [from, to] = [open(primary.url), open(replica.url)];
  const stored = await from.hgetall(rig.redisKey);
  await expect.poll(() => to.hgetall(rig.redisKey)).toEqual(stored);
  await to.replicaof('NO', 'ONE');
}

function storedToken(server: RedisServer, rig: Rig): Promise<string | null> {
  return open(server.url).hget(rig.redisKey, 'access_token');
}

describe('R6: a Redis that refuses', () => {
  test.each([
    ['a wrong password', 'WRONGPASS', async () => startRedis({ password }), `:${encodeURIComponent(`${password}x`)}@`],
    ['no password', 'NOAUTH', async () => startRedis({ password }), ''],
    [
      'a user without EVAL',
      'NOPERM',
      async () => startRedis({ users: [`lim on >${password} ~* &* +get +hgetall +ping`] }),
      `lim:${encodeURIComponent(password)}@`,
    ],
  ])('%s is told with the cause, asks KIS nothing, and shows no secret', async (_, reply, start, user) => {
    await using server = await start();
    await using proxy = await startProxy(server.port);
    const rig = createRig({ url: `redis://${user}127.0.0.1:${proxy.port}` });
    const manager = rig.manager(rig.storage());
    for (let n = 0; n < 3; n += 1) {
      const error = await errorOf(manager.getToken());
      expect(error).toMatchObject({ code: 'ERR_TOKEN_STORAGE', cause: { code: 'ERR_REDIS', reply } });
      expect(inspect(error, { depth: 9 })).not.toContain('testsecret');
    }
    expect(inspect(rig.events, { depth: 9 })).not.toContain('testsecret');
    expect(rig.fake.log().tokenRequests).toBe(0);
    // One for commands and one for messages.
    expect(proxy.connections).toBeLessThanOrEqual(2);
  });

  test('to write, as a replica does, is told with the cause, and what is stored serves', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ replicaOf: primary });
    const rig = createRig({ url: replica.url });
    const manager = rig.manager(rig.storage());
    expect(await errorOf(manager.getToken())).toMatchObject({ cause: { reply: 'READONLY' } });
    const held = await rig.manager(rig.storage({ url: primary.url })).getToken();
    await expect.poll(() => errorOf(manager.getToken())).toBeUndefined();
    expect(await manager.getToken()).toEqual(held);
    expect(await rig.storage().health()).toMatchObject({ reachable: true, role: 'slave' });
    expect(rig.fake.log().tokenRequests).toBe(1);
  });
});

describe('R7: a Redis that forgot the scripts', () => {
  test('is given them again', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url });
    const storage = rig.storage();
    let version: string | undefined;
    for (let n = 0; n < 3; n += 1) {
      await open(server.url).script('FLUSH');
      version = await storage.compareAndSet(rig.key, version, { attempts: [{ ...attempt, id: `${n}` }], dead: [] });
      expect(version).not.toBeUndefined();
    }
    await open(server.url).script('FLUSH');
    await storage.delete(rig.key);
    expect(await storage.read(rig.key)).toBeUndefined();
    expect(rig.events).toEqual([]);
  });
});

describe('R8: a cluster', () => {
  test('holds a record in one slot, whatever prefix its host has', async () => {
    await using cluster = await startRedisCluster(3);
    const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
    const client = new Cluster(nodes, { keyPrefix: 'app:' });
    onTestFinished(() => client.disconnect());
    for (let n = 0; n < 8; n += 1) {
      const rig = createRig({ client });
      const managers = [rig.manager(rig.storage()), rig.manager(rig.storage())];
      const [one, two] = await Promise.all(managers.map((manager) => manager.getToken()));
      expect(one).toEqual(two);
      expect(await client.hget(rig.redisKey, 'access_token')).toBe(one?.value);
      expect(rig.fake.log().tokenRequests).toBe(1);
    }
  });

  test('lets a token serve while its nodes are gone, and has it again soon', async () => {
    await using cluster = await startRedisCluster(3);
    const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
    const client = new Cluster(nodes);
    client.on('error', () => {});
    onTestFinished(() => client.disconnect());
    const rig = createRig({ client, commandTimeoutMs: 1_000 });
    const manager = rig.manager(rig.storage());
    const held = await manager.getToken();
    for (const n of [0, 1, 2]) await cluster.restart(n);
    expect(await manager.getToken()).toEqual(held);
    await expect.poll(() => client.hget(rig.redisKey, 'access_token').catch(() => undefined), soon).toBe(held.value);
    expect(rig.fake.log().tokenRequests).toBe(1);
  });
});

describe('R9: a Redis without memory', () => {
  test('that evicts a record has its token again soon', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url }, { sameTokenMs: 0 });
    const held = await rig.manager(rig.storage()).getToken();
    await open(server.url).del(rig.redisKey);
    await expect.poll(() => storedToken(server, rig), soon).toBe(held.value);
    expect(await rig.manager(rig.storage()).getToken()).toEqual(held);
    expect(rig.fake.log().tokenRequests).toBe(1);
  });

  test('that refuses to write is told with the cause; nothing is asked, or the token that was got serves', async () => {
    await using server = await startRedis({ config: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] });
    const rig = createRig({ url: server.url });
    const manager = rig.manager(rig.storage());
    expect(await errorOf(manager.getToken())).toMatchObject({ code: 'ERR_TOKEN_STORAGE', cause: { reply: 'OOM' } });
    expect(rig.fake.log().tokenRequests).toBe(0);
    await open(server.url).config('SET', 'maxmemory', '0');
    const held = await manager.getToken();
    await open(server.url).config('SET', 'maxmemory', '1');
    expect(await manager.getToken()).toEqual(held);
  });

  test('forgets a record when its token and an hour after its last write are over, and not before', async () => {
    await using server = await startRedis();
    const rig = createRig({ url: server.url });
    const [storage, client] = [rig.storage(), open(server.url)];
    const keptMs = async (): Promise<number> => Math.round((await client.pttl(rig.redisKey)) / 60_000);
    const day = token('a');
    const first = await storage.compareAndSet(rig.key, undefined, { attempts: [attempt], dead: [] });
    expect(await keptMs()).toBe(60);
    const second = await storage.compareAndSet(rig.key, first, { token: day, attempts: [attempt], dead: [] });
    expect(await keptMs()).toBe(24 * 60);
    const third = await storage.compareAndSet(rig.key, second, { token: token('b', 60_000), attempts: [], dead: [] });
    expect(await keptMs()).toBe(60);
    // Somebody may hold a dead token for as long as tokens live.
    await storage.compareAndSet(rig.key, third, { attempts: [], dead: ['0'.repeat(64)] });
    expect(await keptMs()).toBe(24 * 60);
  });
});
