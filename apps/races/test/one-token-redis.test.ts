import { startRedis } from '@kis/redis-servers';
import { createRedisStorage } from '@kis/storage-redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Cast, createCast, type Process } from '../src/cast.ts';
import { useActors } from './actors.ts';

const script = useActors();

/** Four servers of eight processes. */
function addServers(cast: Cast): Promise<Process[]> {
  return Promise.all(Array.from({ length: 32 }, (_, n) => cast.add({ server: `server-${n % 4}` })));
}

/** All but one of them have seen its claim. */
function allButOne(promises: readonly Promise<unknown>[]): Promise<void> {
  let left = promises.length - 1;
  return new Promise((resolve, reject) => {
    for (const each of promises) {
      each.then(() => {
        left -= 1;
        if (left === 0) resolve();
      }, reject);
    }
  });
}

describe('T2: 32 processes on four servers, started at one instant on one Redis', () => {
  test('that is empty ask for one token and all get it', { timeout: 120_000 }, async () => {
    const redis = await startRedis();
    onTestFinished(redis.stop);
    const cast = await createCast(script(), { actors: { redisUrl: redis.url } });
    onTestFinished(cast.end);
    const processes = await addServers(cast);

    cast.go(processes);
    const tokens = await Promise.all(processes.map((each) => each.said('token')));
    expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(Array(32).fill(0));
    expect(new Set(tokens.map(({ hash }) => hash)).size).toBe(1);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
    expect(processes.map(({ stderr }) => stderr).join('')).toBe('');
  });

  test('that is killed while KIS is asked, and starts empty, still ask for one token', {
    timeout: 120_000,
  }, async () => {
    const redis = await startRedis();
    onTestFinished(redis.stop);
    const cast = await createCast(script(), {
      server: { tokenLatencyMs: 3_000 },
      actors: { redisUrl: redis.url, isPatient: true },
    });
    onTestFinished(cast.end);
    const processes = await addServers(cast);
    const storage = createRedisStorage({ url: redis.url });
    onTestFinished(() => storage.close?.());

    cast.go(processes);
    await allButOne(processes.map((each) => each.said('event', ({ name }) => name === 'waiting')));
    expect((await storage.read(cast.key))?.record.attempts).toMatchObject([{ outcome: 'pending' }]);
    await redis.kill();
    await redis.restart();

    const tokens = await Promise.all(processes.map((each) => each.said('token')));
    expect(new Set(tokens.map(({ hash }) => hash)).size).toBe(1);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
    expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(Array(32).fill(0));
    expect((await storage.read(cast.key))?.record.token?.expiresAtMs).toBe(tokens[0]?.expiresAtMs);
  });
});
