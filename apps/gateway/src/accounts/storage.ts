import { createFileStorage } from '@kis/storage-file';
import { createMemoryStorage, type TokenStorage } from '@kis/token-core';
import type { StorageConfig } from '../config/storage-config.ts';

/** Where the tokens of all accounts are kept. */
export interface Storage {
  readonly kind: StorageConfig['kind'];
  readonly tokens: TokenStorage;
  /** Rejects with an Error that says why it cannot be read and written now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export async function createStorage(config: StorageConfig): Promise<Storage> {
  if (config.kind === 'redis') {
    // Loaded where it is asked for: a gateway on files needs no Redis client in memory.
    const { createRedisStorage } = await import('@kis/storage-redis');
    const { url, password } = config;
    const tokens = createRedisStorage({ url: url.reveal(), password: password?.reveal() });
    const check = async () => {
      const { reachable, role = 'master', error } = await tokens.health();
      if (!reachable) throw error ?? new Error('Redis cannot be reached');
      if (role !== 'master') throw new Error(`Redis is a ${role}, which takes no token`);
    };
    return { kind: 'redis', tokens, check, close: async () => tokens.close?.() };
  }
  if (config.kind === 'memory') {
    const tokens = createMemoryStorage();
    return { kind: 'memory', tokens, check: async () => {}, close: async () => tokens.close?.() };
  }
  const { path, directory } = config;
  const encryptionKey = config.encryptionKey?.reveal();
  const tokens = createFileStorage(path === undefined ? { directory, encryptionKey } : { path, encryptionKey });
  return { kind: 'file', tokens, check: () => tokens.probe(), close: async () => tokens.close?.() };
}
