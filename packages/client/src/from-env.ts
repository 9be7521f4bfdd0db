import { createKisClient, type KisClient } from './client.ts';
import { type Env, readEnv } from './env.ts';
import { loadFileStorage } from './load-file-storage.ts';
import { checkOptionNames } from './option-names.ts';
import type { KisClientOptions } from './options.ts';

export interface FromEnvOverrides extends Partial<KisClientOptions> {
  /** Default: `process.env`. */
  readonly env?: Env | undefined;
}

/**
 * Makes a client of what the environment says; options that are given count more. The token lies in a file, unless a
 * `storage` or `tokens` is given; the client closes that file storage with itself.
 *
 * Rejects with a TypeError that names every variable that is bad or missing, and with UnsupportedError when the token
 * storage is not there.
 */
export async function createKisClientFromEnv(overrides: FromEnvOverrides = {}): Promise<KisClient> {
  const { env = process.env, ...given } = overrides;
  checkOptionNames(given);
  const { tokenFilePath, encryptionKey, ...read } = readEnv(env, given);
  const options = { ...given, ...read };
  if (given.storage !== undefined || given.tokens !== undefined) return createKisClient(options);

  const createFileStorage = await loadFileStorage();
  const storage = createFileStorage({
    path: tokenFilePath,
    encryptionKey,
    onEvent: (event) => given.onEvent?.({ type: 'storage', event }),
  });
  const client = createKisClient({ ...options, storage });
  const close = async () => {
    try {
      await client.close();
    } finally {
      await storage.close?.();
    }
  };
  return { ...client, close, [Symbol.asyncDispose]: close };
}
