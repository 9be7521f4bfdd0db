import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOf, untilCalls } from '../src/budget-scene.ts';
import { expectAllServed, untilEvent, useBudgetScenes } from './budget-scenes.ts';

const stage = useBudgetScenes();

describe('processes that share one budget by a file', { timeout: 120_000 }, () => {
  test('go on with a share each while the directory cannot be used, and share again when it can', async () => {
    const scene = await stage('file', 4);
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
