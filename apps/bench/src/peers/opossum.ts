import CircuitBreaker from 'opossum';
import type { BreakerPeer } from './breaker-peer.ts';

export const opossum: BreakerPeer = {
  name: 'opossum, timeout: false',
  create(openMs) {
    const breaker = new CircuitBreaker((task: () => Promise<unknown>) => task(), {
      timeout: false,
      resetTimeout: openMs,
      volumeThreshold: 5,
    });
    return {
      run: <T>(task: () => Promise<T>) => breaker.fire(task) as Promise<T>,
      close: () => breaker.shutdown(),
    };
  },
};
