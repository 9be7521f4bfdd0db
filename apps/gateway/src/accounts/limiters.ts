import { createRateLimiter, type RateLimiter, type RateLimiterOptions } from '@kis/ratelimit';
import { createFileRateLimiter } from '@kis/ratelimit/file';
import { tokenKey } from '@kis/token-core';
import type { AccountConfig } from '../config/account-config.ts';
import type { ShareConfig } from '../config/share-config.ts';
import { worldOf } from '../config/world.ts';

export type CreateLimiter = (options: RateLimiterOptions) => RateLimiter;

/** Makes the limiter of an account: of this process alone, or one that others draw from, too. */
export async function chooseLimiter(
  share: ShareConfig,
  { appKey, budget: own, env }: AccountConfig,
): Promise<CreateLimiter> {
  const budget = own ?? share.budget ?? tokenKey({ appKey, ...worldOf(env) });
  switch (share.kind) {
    case 'none':
      return createRateLimiter;
    case 'file':
      return (options) => createFileRateLimiter({ ...options, budget, directory: share.directory });
    case 'redis': {
      const { createRedisRateLimiter } = await import('@kis/ratelimit/redis');
      const { url, password } = share;
      return (options) =>
        createRedisRateLimiter({ ...options, budget, url: url.reveal(), password: password?.reveal() });
    }
  }
}
