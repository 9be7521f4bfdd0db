export type { RateLimiterOptions } from './options.ts';
export type { Clock, ExecuteOptions, RateLimiter, RateLimiterStats } from './ports.ts';
export { RateLimitError } from './rate-limit-error.ts';
export { createRateLimiter } from './rate-limiter.ts';
