import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { BreakerPeer } from './breaker-peer.ts';

export const cockatiel: BreakerPeer = {
  name: 'cockatiel ConsecutiveBreaker',
  create(openMs) {
    const policy = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(5) });
    return { run: (task) => policy.execute(task) };
  },
};
