import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import type { LimiterPeer } from './limiter-peer.ts';

export const flexibleQueue: LimiterPeer = {
  name: 'rate-limiter-flexible Queue(Memory)',
  canAbort: false,
  create(limit, windowMs) {
    const queue = new RateLimiterQueue(new RateLimiterMemory({ points: limit, duration: windowMs / 1_000 }));
    return { run: (task) => queue.removeTokens(1).then(task) };
  },
};
