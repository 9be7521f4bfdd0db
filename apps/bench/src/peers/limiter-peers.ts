import { ccxtPeer } from './ccxt.ts';
import { hasCcxt } from './fetch-ccxt.ts';
import type { LimiterPeer } from './limiter-peer.ts';

export type LimiterPeerName =
  | 'floor'
  | 'ours'
  | 'bottleneck'
  | 'p-queue'
  | 'p-throttle'
  | 'limiter'
  | 'limiter-bucket'
  | 'rate-limiter-flexible'
  | 'ccxt-window'
  | 'ccxt-bucket';

/** By the name under which a process of its own is told what to run. A process loads only what it runs. */
const loaders: Readonly<Record<LimiterPeerName, () => Promise<LimiterPeer>>> = {
  floor: async () => (await import('./floor.ts')).floor,
  ours: async () => (await import('./our-limiter.ts')).ourLimiter,
  bottleneck: async () => (await import('./bottleneck.ts')).bottleneck,
  'p-queue': async () => (await import('./p-queue.ts')).pQueueStrict,
  'p-throttle': async () => (await import('./p-throttle.ts')).pThrottleStrict,
  limiter: async () => (await import('./limiter.ts')).rateLimiter,
  'limiter-bucket': async () => (await import('./limiter.ts')).tokenBucket,
  'rate-limiter-flexible': async () => (await import('./rate-limiter-flexible.ts')).flexibleQueue,
  'ccxt-window': () => ccxtPeer('rollingWindow'),
  'ccxt-bucket': () => ccxtPeer('leakyBucket'),
};

export function loadLimiterPeer(name: LimiterPeerName): Promise<LimiterPeer> {
  return loaders[name]();
}

/** All that can be had here, the floor and ours first. */
export function limiterPeerNames(): LimiterPeerName[] {
  const names = Object.keys(loaders) as LimiterPeerName[];
  return names.filter((name) => hasCcxt() || !name.startsWith('ccxt'));
}
