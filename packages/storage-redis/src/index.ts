export type { RedisStorageEvent } from './events.ts';
export type { RedisStorageOptions } from './options.ts';
export { createRedisStorage, type RedisStorage } from './redis-storage.ts';
