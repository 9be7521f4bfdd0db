import { pathToFileURL } from 'node:url';
import { ccxtThrottle } from './fetch-ccxt.ts';
import type { LimiterPeer } from './limiter-peer.ts';

/** What is used of ccxt's class, which comes without types. */
type Throttler = new (config: object) => { throttle(cost: number): Promise<void> };

/** ccxt has two algorithms; the leaky bucket is what its exchanges have by default. */
export async function ccxtPeer(algorithm: 'leakyBucket' | 'rollingWindow'): Promise<LimiterPeer> {
  const { Throttler } = (await import(pathToFileURL(ccxtThrottle).href)) as { Throttler: Throttler };
  return {
    name: `ccxt ${algorithm}`,
    canAbort: false,
    create(limit, windowMs) {
      const throttler = new Throttler({
        algorithm,
        // Of the bucket, by the millisecond; of the window.
        refillRate: limit / windowMs,
        rateLimit: windowMs / limit,
        windowSize: windowMs,
      });
      return { run: (task) => throttler.throttle(1).then(task) };
    },
  };
}
