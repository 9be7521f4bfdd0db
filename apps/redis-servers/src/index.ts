export { type AnyRedis, anyRedis } from './any-redis.ts';
export { type RedisCluster, startRedisCluster } from './cluster.ts';
export { type Proxy, startProxy } from './proxy.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis-server.ts';
