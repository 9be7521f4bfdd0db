import { createFileStorage } from '@kis/storage-file';
import { createRedisStorage } from '@kis/storage-redis';
import type { TokenStorage } from '@kis/token-core';

/** Where the processes of a cast keep their token. */
export interface StoragePlace {
  readonly directory: string;
  /** Instead of the directory. */
  readonly redisUrl?: string | undefined;
}

export function openStorage({ directory, redisUrl }: StoragePlace): TokenStorage {
  return redisUrl === undefined ? createFileStorage({ directory }) : createRedisStorage({ url: redisUrl });
}
