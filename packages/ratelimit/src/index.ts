export type { RateLimiterOptions } from './options.ts';
export type {
  Clock,
  CloseOptions,
  ExecuteOptions,
  Priority,
  RateLimitEvent,
  RateLimiter,
  RateLimiterStats,
} from './ports.ts';
export { RateLimitError } from './rate-limit-error.ts';
export { createRateLimiter } from './rate-limiter.ts';
