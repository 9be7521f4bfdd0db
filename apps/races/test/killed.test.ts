import { readdirSync } from 'node:fs';
import { createFileStorage } from '@kis/storage-file';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import type { Point } from '../src/points.ts';
import { killScene, type Outcome } from '../src/scenes.ts';
import { useActors } from './actors.ts';
import { places, useRedisUrls } from './storage-places.ts';

const script = useActors();
const urlOf = useRedisUrls();
beforeEach((context) => needPosix('signals that stop a process or can be listened for', context));

describe.each(places)('over %s, a claimant that is killed', (place) => {
  test.each<Point>(['before-claim-write', 'after-claim-write', 'claimed', 'before-question-write'])(
    'at "%s", before it is about to ask: another asks long before the lease is over',
    async (stopAt) => {
      const leaseMs = 25_000;
      const scene = await killScene(script(), { stopAt, intervalMs: 60_000, leaseMs, redisUrl: urlOf(place) });
      onTestFinished(scene.end);
      expect(scene.questions).toEqual([{ afterMs: expect.any(Number), kisCode: '' }]);
      expect(scene.questions[0]?.afterMs).toBeLessThan(leaseMs / 2);
      expect(new Set(scene.tokens.map(({ hash }) => hash)).size).toBe(1);
      expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
      if (place === 'files') await expectNothingLeft(scene);
    },
  );

  test.each<Point>(['after-question-write', 'marked', 'answered', 'before-answer-write'])(
    'at "%s", when KIS may have been asked: nobody asks within the interval, and the next question gets a token',
    async (stopAt) => {
      const scene = await killScene(script(), { stopAt, intervalMs: 3_000, leaseMs: 2_000, redisUrl: urlOf(place) });
      onTestFinished(scene.end);
      expect(scene.questions.map(({ kisCode }) => kisCode)).toEqual(['']);
      expect(new Set(scene.tokens.map(({ hash }) => hash)).size).toBe(1);
      expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
    },
  );

  test('once its answer has left: the others have that token, and KIS is asked no more', async () => {
    const options = {
      stopAt: 'after-answer-write',
      intervalMs: 3_000,
      leaseMs: 2_000,
      redisUrl: urlOf(place),
    } as const;
    const scene = await killScene(script(), options);
    onTestFinished(scene.end);
    expect(scene.questions).toEqual([]);
    expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
  });
});

/** Of the dead one, after the next write. */
async function expectNothingLeft({ directory, key }: Outcome): Promise<void> {
  const storage = createFileStorage({ directory });
  const stored = await storage.read(key);
  await storage.compareAndSet(key, stored?.version, { attempts: [], dead: [] });
  expect(readdirSync(directory).filter((name) => !/^[a-z0-9-]+\.v\d+\.json$/.test(name))).toEqual([]);
}
