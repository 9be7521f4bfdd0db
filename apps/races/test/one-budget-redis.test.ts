import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startProxy, startRedis } from '@kis/redis-servers';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../src/callers.ts';
import {
  type BudgetScene,
  eventsOf,
  expectAllServed,
  momentsOf,
  mostInASecond,
  rateOf,
  untilCalls,
  untilEvent,
  useBudgetScenes,
} from './budget-scenes.ts';

interface Scene extends BudgetScene {
  readonly redis: RedisServer;
}

const createScene = useBudgetScenes();

async function stage(count: number, given: Parameters<typeof createScene>[1] = {}): Promise<Scene> {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const callers = { redisUrl: redis.url, ...given.callers };
  return { redis, ...(await createScene(count, { ...given, callers })) };
}

describe('processes that share one budget by Redis', { timeout: 90_000 }, () => {
  test('four of them make 400 calls, and none is refused; the rate is printed beside that of one', async () => {
    const one = await stage(1);
    await expectAllServed(one, one.callers.call(one.all, 400), 400);
    const four = await stage(4);
    await expectAllServed(four, four.callers.call(four.all, 100), 100);
    expect(four.callers.server.fake.log()).toMatchObject({ calls: 400, tokensIssued: 1 });
    expect(four.all.flatMap(eventsOf)).toEqual([]);
    console.log(`400 calls by Redis: one process ${rateOf(one)} a second, four ${rateOf(four)}`);
  });

  test('go on with a share each while Redis is gone, and share again when it is back, empty', async () => {
    const scene = await stage(4);
    const calling = scene.callers.call(scene.all, 50);
    await untilCalls(scene, 40);
    await scene.redis.kill();
    await Promise.all(scene.all.map((caller) => untilEvent(caller, 'degraded')));
    await untilCalls(scene, 100);
    await scene.redis.restart();
    await expectAllServed(scene, calling, 50);
    for (const caller of scene.all) expect(eventsOf(caller)).toEqual(['degraded', 'restored']);
  });

  test('forget no slot that is in use when Redis is emptied in an instant', async () => {
    const scene = await stage(4);
    const client = new Redis(scene.redis.url);
    onTestFinished(() => client.disconnect());
    const calling = scene.callers.call(scene.all, 25);
    for (const calls of [30, 50, 70]) {
      await untilCalls(scene, calls);
      await client.flushall();
    }
    await expectAllServed(scene, calling, 25);
  });

  test('bear a Redis that is restarted empty at once', async () => {
    const scene = await stage(4);
    const calling = scene.callers.call(scene.all, 25);
    await untilCalls(scene, 50);
    await scene.redis.restart();
    await expectAllServed(scene, calling, 25);
  });

  test('bear a Redis that is frozen, and what it does when it is thawed', async () => {
    const scene = await stage(4);
    const calling = scene.callers.call(scene.all, 50);
    await untilCalls(scene, 40);
    scene.redis.freeze();
    await Promise.all(scene.all.map((caller) => untilEvent(caller, 'degraded')));
    await sleep(3_000);
    scene.redis.thaw();
    await expectAllServed(scene, calling, 50);
    for (const caller of scene.all) expect(eventsOf(caller)).toEqual(['degraded', 'restored']);
  });

  test('go on when scripts are forgotten', async () => {
    const scene = await stage(2);
    const client = new Redis(scene.redis.url);
    onTestFinished(() => client.disconnect());
    const calling = scene.callers.call(scene.all, 30);
    for (const calls of [15, 30, 45]) {
      await untilCalls(scene, calls);
      await client.script('FLUSH');
    }
    await expectAllServed(scene, calling, 30);
    expect(scene.all.flatMap(eventsOf)).toEqual([]);
  });

  test('get the slots of one that was killed while its calls were under way', async () => {
    const scene = await stage(2, { callers: { limit: 8 } });
    const { server } = scene.callers;
    const [one, other] = scene.all as [Caller, Caller];
    server.fake.control({ latencyMs: 600_000 });
    void scene.callers.call([one], 40).catch(() => {});
    await untilAllTaken(scene, 8);
    server.fake.control({ latencyMs: 40 });
    one.signal('SIGKILL');
    await expectAllServed(scene, scene.callers.call([other], 30), 30);
  });

  test('get the slots of one that is frozen, and it does nothing amiss when it is thawed', async () => {
    const scene = await stage(3);
    const [one, ...others] = scene.all as [Caller, Caller, Caller];
    const calling = scene.callers.call([one], 30);
    const callingOthers = scene.callers.call(others, 50);
    await untilCalls(scene, 30);
    one.signal('SIGSTOP');
    await expectAllServed(scene, callingOthers, 50, 1);
    const last = scene.callers.call(others, 20);
    one.signal('SIGCONT');
    await expectAllServed(scene, last, 20, 1);
    await expectAllServed(scene, calling, 30, 1);
  });

  test('use no slot that was granted to them while they were frozen', async () => {
    const scene = await stage(1, { server: { limit: 8 }, callers: { limit: 8 } });
    const { callers } = scene;
    const [other] = scene.all as [Caller];
    const proxy = await startProxy(scene.redis.port);
    onTestFinished(() => proxy.stop());
    const one = await callers.add({ redisUrl: proxy.url });
    await expectAllServed(scene, callers.call([one], 1), 1);
    proxy.delayReplies(300);
    const calling = callers.call([one], 8);
    await untilAllTaken(scene, 8);
    // Granted by Redis, and still on its way.
    one.signal('SIGSTOP');
    await expectAllServed(scene, callers.call([other], 24), 24);
    const last = callers.call([other], 24);
    proxy.delayReplies(0);
    one.signal('SIGCONT');
    await expectAllServed(scene, last, 24);
    await expectAllServed(scene, calling, 8);
  });

  test('go by the time of Redis: wall clocks that are 90 s off do not matter', async () => {
    const scene = await stage(1, { callers: { wallOffsetMs: 90_000 } });
    const all = [...scene.all, await scene.callers.add({ wallOffsetMs: -90_000 })];
    await expectAllServed(scene, scene.callers.call(all, 40), 40);
  });

  test('count the calls of several app keys together where they have one budget', async () => {
    const scene = await stage(1, { server: { limit: 1_000 } });
    const all = [...scene.all, await scene.callers.add({ appKey: 'PSRACERACERACERACERACERACERACERACE02' })];
    await expectAllServed(scene, scene.callers.call(all, 40), 40);
    const { entries } = scene.callers.server.fake.log();
    expect(new Set(entries.map(({ appKeyHash }) => appKeyHash)).size).toBe(2);
    expect(mostInASecond(momentsOf(scene))).toBeLessThanOrEqual(18);
  });

  test('find together what KIS lets through', async () => {
    const scene = await stage(4, { server: { limit: 9 } });
    const done = await scene.callers.call(scene.all, 25);
    const { refusals, entries } = scene.callers.server.fake.log();
    expect(done.reduce((sum, { ok }) => sum + ok, 0)).toBe(100 - refusals);
    // The first window of 18 is refused by half, and that is told to all: nobody has to find it out again.
    expect(refusals).toBeLessThanOrEqual(9 + 3);
    expect(entries.filter(({ kisCode }) => kisCode === 'EGW00201')).toHaveLength(refusals);
  });
});

/** Resolves when Redis has given out so many slots. */
async function untilAllTaken({ redis }: Scene, count: number): Promise<void> {
  const client = new Redis(redis.url);
  try {
    while ((await client.zcard('{kis:races}:slots')) < count) await sleep(5);
  } finally {
    client.disconnect();
  }
}
