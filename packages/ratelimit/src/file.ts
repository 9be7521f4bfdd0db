export { createFileRateLimiter, type FileRateLimiterOptions } from './file/file-rate-limiter.ts';
