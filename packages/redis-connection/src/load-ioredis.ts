import { createRequire } from 'node:module';
import type { OwnClient } from './client.ts';

type RedisConstructor = new (url: string, options: Readonly<Record<string, unknown>>) => OwnClient;

/** @throws Error with the one line that says what to install. */
export function loadRedis(): RedisConstructor {
  try {
    return (createRequire(import.meta.url)('ioredis') as { readonly Redis: RedisConstructor }).Redis;
  } catch (cause) {
    throw new Error('redis: a `url` needs ioredis, which is not there: npm install ioredis', { cause });
  }
}
