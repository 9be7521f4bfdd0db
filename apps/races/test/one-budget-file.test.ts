import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../src/callers.ts';
import {
  eventsOf,
  expectAllServed,
  momentsOf,
  mostInASecond,
  rateOf,
  untilCalls,
  untilEvent,
  useBudgetScenes,
} from './budget-scenes.ts';

const stage = useBudgetScenes();

describe('processes that share one budget by a file', { timeout: 120_000 }, () => {
  test('four of them make 400 calls, and none is refused; the rate is printed beside that of one', async () => {
    const one = await stage(1);
    await expectAllServed(one, one.callers.call(one.all, 400), 400);
    const four = await stage(4);
    await expectAllServed(four, four.callers.call(four.all, 100), 100);
    expect(four.callers.server.fake.log()).toMatchObject({ calls: 400, tokensIssued: 1 });
    expect(four.all.flatMap(eventsOf)).toEqual([]);
    console.log(`400 calls by file: one process ${rateOf(one)} a second, four ${rateOf(four)}`);
  });

  test('get the slots of one that was killed while its calls were under way', async () => {
    const scene = await stage(2);
    const [one, other] = scene.all as [Caller, Caller];
    scene.callers.server.fake.control({ latencyMs: 2_000 });
    void scene.callers.call([one], 40).catch(() => {});
    await untilCalls(scene, 18);
    scene.callers.server.fake.control({ latencyMs: 40 });
    one.signal('SIGKILL');
    await expectAllServed(scene, scene.callers.call([other], 30), 30);
  });

  test('get the slots of one that is frozen at any moment, and it does nothing amiss when it is thawed', async () => {
    const scene = await stage(3);
    const [one, ...others] = scene.all as [Caller, Caller, Caller];
    const calling = scene.callers.call([one], 60);
    const callingOthers = scene.callers.call(others, 60);
    for (let times = 1; times <= 6; times += 1) {
      await untilCalls(scene, 15 * times);
      await sleep(17 * times);
      one.signal('SIGSTOP');
      await sleep(times % 3 === 0 ? 3_500 : 700);
      one.signal('SIGCONT');
    }
    await expectAllServed(scene, callingOthers, 60, 1);
    await expectAllServed(scene, calling, 60, 1);
  });

  test('go on with a share each while the directory cannot be used, and share again when it can', async () => {
    const scene = await stage(4);
    const place = join(scene.callers.directory, 'ratelimit');
    const calling = scene.callers.call(scene.all, 50);
    await untilCalls(scene, 40);
    await takeAway(place);
    await Promise.all(scene.all.map((caller) => untilEvent(caller, 'degraded')));
    await untilCalls(scene, 100);
    await rm(place);
    await expectAllServed(scene, calling, 50);
    for (const caller of scene.all) expect(eventsOf(caller)).toEqual(['degraded', 'restored']);
  });

  test('count the calls of several app keys together where they have one budget', async () => {
    const scene = await stage(1, { server: { limit: 1_000 } });
    const all = [...scene.all, await scene.callers.add({ appKey: 'PSRACERACERACERACERACERACERACERACE02' })];
    await expectAllServed(scene, scene.callers.call(all, 40), 40);
    expect(mostInASecond(momentsOf(scene))).toBeLessThanOrEqual(18);
  });
});

/** A file takes the place of a directory, which others make again as soon as it is missing. */
async function takeAway(directory: string): Promise<void> {
  for (let n = 1; ; n += 1) {
    await rename(directory, `${directory}-away-${n}`);
    try {
      await writeFile(directory, '', { flag: 'wx' });
      return;
    } catch {
      // Somebody was faster.
    }
  }
}
