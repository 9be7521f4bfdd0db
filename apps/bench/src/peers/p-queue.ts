import PQueue from 'p-queue';
import type { LimiterPeer } from './limiter-peer.ts';

export const pQueueStrict: LimiterPeer = {
  name: 'p-queue strict',
  canAbort: true,
  create(limit, windowMs) {
    const queue = new PQueue({ intervalCap: limit, interval: windowMs, strict: true });
    return {
      // Its `timeout` is the task's, not that of the wait.
      run: (task, options) => queue.add(task, options && { signal: options.signal }),
      close: () => queue.clear(),
    };
  },
};
