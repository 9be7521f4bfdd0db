import { RateLimiter, TokenBucket } from 'limiter';
import type { LimiterPeer } from './limiter-peer.ts';

export const rateLimiter: LimiterPeer = {
  name: 'limiter RateLimiter',
  canAbort: false,
  create(limit, windowMs) {
    const limiter = new RateLimiter({ tokensPerInterval: limit, interval: windowMs });
    return { run: (task) => limiter.removeTokens(1).then(task) };
  },
};

export const tokenBucket: LimiterPeer = {
  name: 'limiter TokenBucket',
  canAbort: false,
  create(limit, windowMs) {
    const bucket = new TokenBucket({ bucketSize: limit, tokensPerInterval: limit, interval: windowMs });
    bucket.content = limit;
    return { run: (task) => bucket.removeTokens(1).then(task) };
  },
};
