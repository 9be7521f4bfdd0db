import type { TokenStorage } from '@kis/token-core';
import { createKisClient, type KisClient } from './client.ts';
import { type Env, readEnv } from './env.ts';
import { loadFileStorage } from './load-file-storage.ts';
import { loadRedisStorage } from './load-redis-storage.ts';
import { loadSharedLimiter } from './load-shared-limiter.ts';
import { checkOptionNames } from './option-names.ts';
import type { KisClientOptions } from './options.ts';

export interface FromEnvOverrides extends Partial<KisClientOptions> {
  /** Default: `process.env`. */
  readonly env?: Env | undefined;
}

/**
 * Makes a client of what the environment says; options that are given count more. The token lies in a file or
 * in Redis, unless a `storage` or `tokens` is given; the client closes that storage with itself. Whoever shares
 * the token shares the rate budget, too.
 *
 * Rejects with a TypeError that names every variable that is bad or missing, and with UnsupportedError when the token
 * storage is not there.
 */
export async function createKisClientFromEnv(overrides: FromEnvOverrides = {}): Promise<KisClient> {
  const { env = process.env, ...given } = overrides;
  checkOptionNames(given);
  const { storage: place, tokenFilePath, encryptionKey, share, redis, ...read } = readEnv(env, given);
  const create = await loadSharedLimiter({ ...read, tokenFilePath, share, redis });
  const rateLimiter = create === undefined ? read.rateLimiter : { ...read.rateLimiter, create };
  const options = { ...given, ...read, rateLimiter };
  if (place === undefined) return createKisClient(options);

  const onEvent = (event: { readonly type: string }): void => given.onEvent?.({ type: 'storage', event });
  const storage =
    place === 'redis'
      ? (await loadRedisStorage())({ ...redis, onEvent })
      : (await loadFileStorage())({ path: tokenFilePath, encryptionKey, onEvent });
  const client = await createOver(storage, { ...options, storage });
  const close = async () => {
    try {
      await client.close();
    } finally {
      await storage.close?.();
    }
  };
  return { ...client, close, [Symbol.asyncDispose]: close };
}

/** A storage that nobody will use is closed. */
async function createOver(storage: TokenStorage, options: KisClientOptions): Promise<KisClient> {
  try {
    return createKisClient(options);
  } catch (error) {
    await storage.close?.();
    throw error;
  }
}
