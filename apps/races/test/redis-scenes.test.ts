import { type RedisServer, startRedis } from '@kis/redis-servers';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import type { Point } from '../src/points.ts';
import { freezeScene, killScene } from '../src/scenes.ts';
import { useActors } from './actors.ts';

const script = useActors();
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
// A mock may get the port, and so the key, of an earlier one.
beforeEach(() => redis.restart());
afterAll(() => redis.stop());
beforeEach((context) => needPosix('signals that stop a process or can be listened for', context));

describe('over Redis, a claimant that is killed', () => {
  test.each<Point>(['claimed', 'before-claim-write', 'after-claim-write'])(
    'at "%s", before it asks: another asks long before the lease is over',
    async (stopAt) => {
      const leaseMs = 25_000;
      const scene = await killScene(script(), { stopAt, intervalMs: 60_000, leaseMs, redisUrl: redis.url });
      onTestFinished(scene.end);
      expect(scene.questions).toEqual([{ afterMs: expect.any(Number), kisCode: '' }]);
      expect(scene.questions[0]?.afterMs).toBeLessThan(leaseMs / 2);
      expect(new Set(scene.tokens.map(({ hash }) => hash)).size).toBe(1);
      expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
    },
  );

  test.each<Point>(['answered', 'before-answer-write'])(
    'at "%s", after KIS answered: at most one question is refused, and the next one gets a token',
    async (stopAt) => {
      const scene = await killScene(script(), { stopAt, intervalMs: 3_000, leaseMs: 2_000, redisUrl: redis.url });
      onTestFinished(scene.end);
      expect(scene.questions.map(({ kisCode }) => kisCode)).toEqual(['EGW00133', '']);
      expect(new Set(scene.tokens.map(({ hash }) => hash)).size).toBe(1);
      expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
    },
  );

  test('once its answer has left: Redis has it, and KIS is asked no more', async () => {
    const options = { stopAt: 'after-answer-write', intervalMs: 3_000, leaseMs: 2_000, redisUrl: redis.url } as const;
    const scene = await killScene(script(), options);
    onTestFinished(scene.end);
    expect(scene.questions).toEqual([]);
    expect([scene.exits, scene.stderr]).toEqual([[0, 0, 0], '']);
  });
});

describe('over Redis, a process that is stopped past its lease while another gets a token', () => {
  test.each<[Point, readonly string[]]>([
    ['before-claim-write', ['']],
    ['after-claim-write', ['']],
    ['claimed', ['']],
    ['answered', ['']],
    ['before-answer-write', ['']],
    ['after-answer-write', []],
  ])('at "%s": the later record stays, and both end well', async (stopAt, codes) => {
    const options = { stopAt, intervalMs: 3_000, leaseMs: 2_000, redisUrl: redis.url };
    const scene = await freezeScene(script(), options);
    onTestFinished(scene.end);
    const [own, other] = scene.tokens;
    expect(other?.expiresAtMs).toBeGreaterThanOrEqual(own?.expiresAtMs ?? Infinity);
    expect([scene.exits, scene.stderr]).toEqual([[0, 0], '']);
    // One that asks exactly one interval after the claim may be a moment early for KIS, once.
    expect(scene.questions.map(({ kisCode }) => kisCode).filter((code) => code !== 'EGW00133')).toEqual(codes);
    expect(scene.questions.length - codes.length).toBeLessThanOrEqual(1);
  });
});
