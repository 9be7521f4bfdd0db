import { createRateLimiter } from '@kis/ratelimit';
import { type Cost, costOf } from '../compare.ts';
import { beChild } from '../in-child.ts';
import { type LimiterPeerName, loadLimiterPeer } from '../peers/limiter-peers.ts';

/** Ten million a second: more than anybody can use up. */
const limit = 1_000_000;
const windowMs = 100;

const task = async () => {};

await beChild<Cost>(async ([name = '']) => {
  if (name === 'bare') return () => costOf(async () => await task());
  if (name === 'ours-options') {
    const limiter = createRateLimiter({ limit, windowMs });
    const { signal } = new AbortController();
    const options = { signal, timeoutMs: 10_000, priority: 'order' } as const;
    return () => costOf(async () => await limiter.execute(task, options));
  }
  const limiter = (await loadLimiterPeer(name as LimiterPeerName)).create(limit, windowMs);
  return () => costOf(async () => await limiter.run(task));
});
