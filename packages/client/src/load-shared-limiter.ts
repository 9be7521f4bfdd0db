import { dirname } from 'node:path';
import { kisBaseUrls, tokenKey } from '@kis/token-core';
import type { EnvSettings } from './env.ts';
import type { RateLimitSettings } from './policy-settings.ts';

/** What makes the limiter that the environment asks for; undefined: one of the client alone. */
export async function loadSharedLimiter(
  settings: Pick<EnvSettings, 'appKey' | 'environment' | 'baseUrl' | 'tokenFilePath' | 'share' | 'redis'>,
): Promise<RateLimitSettings['create']> {
  const { share, environment, baseUrl = kisBaseUrls[environment], tokenFilePath, redis } = settings;
  const budget = share.budget ?? tokenKey({ ...settings, baseUrl });
  if (share.by === 'file') {
    const { createFileRateLimiter } = await import('@kis/ratelimit/file');
    const directory = tokenFilePath === undefined ? undefined : dirname(tokenFilePath);
    return (options) => createFileRateLimiter({ ...options, budget, directory });
  }
  if (share.by === 'redis') {
    const { createRedisRateLimiter } = await import('@kis/ratelimit/redis');
    return (options) => createRedisRateLimiter({ ...options, ...redis, budget });
  }
  return undefined;
}
