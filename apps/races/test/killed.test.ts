import { readdirSync } from 'node:fs';
import { createFileStorage } from '@kis/storage-file';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import type { Point } from '../src/points.ts';
import { killScene } from '../src/scenes.ts';
import { useActors } from './actors.ts';

const script = useActors();
beforeEach((context) => needPosix('signals that stop a process or can be listened for', context));

describe('a claimant that is killed', () => {
  test.each<Point>(['claimed', 'before-claim-write', 'after-claim-write'])(
    'at "%s", before it asks: another asks long before the lease is over',
    async (stopAt) => {
      const leaseMs = 25_000;
      const scene = await killScene(script(), { stopAt, intervalMs: 60_000, leaseMs });
      onTestFinished(scene.end);
      expect(scene.questions).toEqual([{ afterMs: expect.any(Number), kisCode: '' }]);
      expect(scene.questions[0]?.afterMs).toBeLessThan(leaseMs / 2);
      expect(new Set(scene.tokens.map(({ hash }) => hash)).size).toBe(1);
      expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);

      // Nothing of the dead one is left after the next write.
      const storage = createFileStorage({ directory: scene.directory });
      const stored = await storage.read(scene.key);
      await storage.compareAndSet(scene.key, stored?.version, { attempts: [], dead: [] });
      expect(readdirSync(scene.directory).filter((name) => !/^[a-z0-9-]+\.v\d+\.json$/.test(name))).toEqual([]);
    },
  );

  test.each<Point>(['answered', 'before-answer-write'])(
    'at "%s", after KIS answered: at most one question is refused, and the next one gets a token',
    async (stopAt) => {
      const scene = await killScene(script(), { stopAt, intervalMs: 3_000, leaseMs: 2_000 });
      onTestFinished(scene.end);
      expect(scene.questions.map(({ kisCode }) => kisCode)).toEqual(['EGW00133', '']);
      expect(new Set(scene.tokens.map(({ hash }) => hash)).size).toBe(1);
      expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
    },
  );

  test('after its answer was published: the others have that token, and KIS is asked no more', async () => {
    const scene = await killScene(script(), { stopAt: 'after-answer-write', intervalMs: 3_000, leaseMs: 2_000 });
    onTestFinished(scene.end);
    expect(scene.questions).toEqual([]);
    expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
  });
});
