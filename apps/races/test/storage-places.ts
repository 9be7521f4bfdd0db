import { type RedisServer, startRedis } from '@kis/redis-servers';
import type { TokenStorage } from '@kis/token-core';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { openStorage } from '../src/actor-storage.ts';
import type { Outcome } from '../src/scenes.ts';

/** What the processes of a scene keep their token in. */
export type Place = 'files' | 'Redis';

export const places: readonly Place[] = ['files', 'Redis'];

/** The url for a scene in this place; undefined: its own directory. */
export function useRedisUrls(): (place: Place) => string | undefined {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  // A mock may get the port, and so the key, of an earlier one.
  beforeEach(() => redis.restart());
  afterAll(() => redis.stop());
  return (place) => (place === 'Redis' ? redis.url : undefined);
}

/** What a scene has left. */
export async function storedBy(
  { directory, key }: Outcome,
  redisUrl: string | undefined,
): ReturnType<TokenStorage['read']> {
  const storage = openStorage({ directory, redisUrl });
  onTestFinished(() => storage.close?.());
  return storage.read(key);
}
