import { describe, expect, test } from 'vitest';
import { type Blow, playBlow, pointsOf } from '../src/budget-round.ts';
import { backends, eventsOf, untilCalls } from '../src/budget-scene.ts';
import type { Caller } from '../src/callers.ts';
import { mostInASecond } from '../src/most-in-a-second.ts';
import { expectAllServed, useBudgetScenes, useCallers } from './budget-scenes.ts';

const script = useCallers();
const stage = useBudgetScenes();

describe.each(backends)('processes that share one budget by %s', { timeout: 120_000 }, (by) => {
  test('four of them make 400 calls, and none is refused', async () => {
    const scene = await stage(by, 4);
    await expectAllServed(scene, scene.callers.call(scene.all, 100), 100);
    expect(scene.callers.server.fake.log()).toMatchObject({ calls: 400, tokensIssued: 1 });
    expect(scene.all.flatMap(eventsOf)).toEqual([]);
  });

  test('get all slots of one that was killed while its calls were under way', async () => {
    const scene = await stage(by, 2, { server: { limit: 8 }, callers: { limit: 8 } });
    const [one, other] = scene.all as [Caller, Caller];
    scene.callers.server.fake.control({ latencyMs: 2_000 });
    void scene.callers.call([one], 40).catch(() => {});
    await untilCalls(scene, 8);
    scene.callers.server.fake.control({ latencyMs: 40 });
    one.signal('SIGKILL');
    await expectAllServed(scene, scene.callers.call([other], 30), 30);
  });

  test.each<Blow>(['killed', 'stopped past its lease'])(
    'are refused nothing where one of them is %s, at whatever point, and all that live get all their answers',
    async (blow) => {
      const rounds = pointsOf[by].map(async (at) => {
        const { broken } = await playBlow(script(), { by, stop: { at, time: 1 }, blow, awayMs: 0 });
        return { at, broken };
      });
      expect(await Promise.all(rounds)).toEqual(pointsOf[by].map((at) => ({ at, broken: [] })));
    },
  );

  test('count the calls of several app keys together where they have one budget', async () => {
    const scene = await stage(by, 1, { server: { limit: 1_000 } });
    const all = [...scene.all, await scene.callers.add({ appKey: 'PSRACERACERACERACERACERACERACERACE02' })];
    await expectAllServed(scene, scene.callers.call(all, 40), 40);
    const { entries } = scene.callers.server.fake.log();
    expect(new Set(entries.map(({ appKeyHash }) => appKeyHash)).size).toBe(2);
    expect(mostInASecond(scene.callers.server.fake.log())).toBeLessThanOrEqual(18);
  });
});
