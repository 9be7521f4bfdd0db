export type { RedisClient } from './client.ts';
export { createRedisConnection, type RedisConnection, type RedisHealth } from './connection.ts';
export { RedisError } from './errors.ts';
export type { RedisConnectionEvent } from './events.ts';
export type { RedisConnectionOptions } from './options.ts';
export { defineScript, type RedisScript } from './script.ts';
