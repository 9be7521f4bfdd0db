import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import type { Point } from '../src/points.ts';
import { freezeScene } from '../src/scenes.ts';
import { useActors } from './actors.ts';
import { places, storedBy, useRedisUrls } from './storage-places.ts';

const script = useActors();
const urlOf = useRedisUrls();
beforeEach((context) => needPosix('signals that stop a process or can be listened for', context));

describe.each(places)('over %s, a process that is stopped past its lease while another gets a token', (place) => {
  test.each<[Point, readonly string[]]>([
    ['before-claim-write', ['']],
    ['after-claim-write', ['']],
    ['claimed', ['']],
    ['before-question-write', ['']],
    ['after-question-write', ['']],
    ['marked', ['']],
    ['answered', ['']],
    ['before-answer-write', ['']],
    ['after-answer-write', []],
  ])('at "%s": the later record stays, and both end well', async (stopAt, codes) => {
    const redisUrl = urlOf(place);
    const scene = await freezeScene(script(), { stopAt, intervalMs: 3_000, leaseMs: 2_000, redisUrl });
    onTestFinished(scene.end);
    const [own, other] = scene.tokens;
    const token = (await storedBy(scene, redisUrl))?.record.token;
    expect(token?.expiresAtMs).toBe(Math.max(own?.expiresAtMs ?? 0, other?.expiresAtMs ?? 0));
    expect(
      createHash('sha256')
        .update(token?.value ?? '')
        .digest('hex'),
    ).toBe(other?.hash);
    expect([scene.exits, scene.stderr]).toEqual([[0, 0], '']);
    expect(scene.questions.map(({ kisCode }) => kisCode)).toEqual(codes);
  });
});
