import pThrottle from 'p-throttle';
import type { LimiterPeer } from './limiter-peer.ts';

export const pThrottleStrict: LimiterPeer = {
  name: 'p-throttle strict',
  canAbort: true,
  create(limit, windowMs, given) {
    const closing = new AbortController();
    const throttle = pThrottle({ limit, interval: windowMs, strict: true, signal: given ?? closing.signal });
    const throttled = throttle((task: () => Promise<unknown>) => task());
    return {
      run: <T>(task: () => Promise<T>) => throttled(task) as Promise<T>,
      close: () => closing.abort(),
    };
  },
};
