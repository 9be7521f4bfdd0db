export { createRedisRateLimiter, type RedisRateLimiterOptions } from './redis/redis-rate-limiter.ts';
