import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventsOf, untilCalls } from '../src/budget-scene.ts';
import { expectAllServed, untilEvent, useBudgetScenes } from './budget-scenes.ts';

const stage = useBudgetScenes();

describe('processes that share one budget by Redis', { timeout: 90_000 }, () => {
  test('go on with a share each while Redis is gone, and share again when it is back, empty', async () => {
    const scene = await stage('Redis', 4);
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
    const scene = await stage('Redis', 4);
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
    const scene = await stage('Redis', 4);
    const calling = scene.callers.call(scene.all, 25);
    await untilCalls(scene, 50);
    await scene.redis.restart();
    await expectAllServed(scene, calling, 25);
  });

  test('bear a Redis that is frozen, and what it does when it is thawed', async () => {
    const scene = await stage('Redis', 4);
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
    const scene = await stage('Redis', 2);
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

  test('go by the time of Redis: wall clocks that are 90 s off do not matter', async () => {
    const scene = await stage('Redis', 1, { callers: { wallOffsetMs: 90_000 } });
    const all = [...scene.all, await scene.callers.add({ wallOffsetMs: -90_000 })];
    await expectAllServed(scene, scene.callers.call(all, 40), 40);
  });

  test('find together what KIS lets through', async () => {
    const scene = await stage('Redis', 4, { server: { limit: 9 } });
    const done = await scene.callers.call(scene.all, 25);
    const { refusals, entries } = scene.callers.server.fake.log();
    expect(done.reduce((sum, { ok }) => sum + ok, 0)).toBe(100 - refusals);
    // The first window of 18 is refused by half, and that is told to all: nobody has to find it out again.
    expect(refusals).toBeLessThanOrEqual(9 + 3);
    expect(entries.filter(({ kisCode }) => kisCode === 'EGW00201')).toHaveLength(refusals);
  });
});
