import { createRateLimiter } from '@kis/ratelimit';
import type { LimiterPeer } from './limiter-peer.ts';

export const ourLimiter: LimiterPeer = {
  name: '@kis/ratelimit',
  canAbort: true,
  create(limit, windowMs) {
    const limiter = createRateLimiter({ limit, windowMs });
    return {
      run: (task, options) => limiter.execute(task, options),
      close: () => limiter.close(),
    };
  },
};
