import { createCircuitBreaker } from '@kis/breaker';
import type { BreakerPeer } from './breaker-peer.ts';

export const ourBreaker: BreakerPeer = {
  name: '@kis/breaker',
  create(openMs) {
    const breaker = createCircuitBreaker({ openMs });
    return { run: (task) => breaker.execute(task) };
  },
};
