import Bottleneck from 'bottleneck';
import type { LimiterPeer } from './limiter-peer.ts';

/** It fills its reservoir up by a heartbeat of a quarter of a second. */
const heartbeatMs = 250;

export const bottleneck: LimiterPeer = {
  name: 'bottleneck reservoir',
  canAbort: false,
  create(limit, windowMs) {
    const limiter = new Bottleneck({
      reservoir: limit,
      reservoirRefreshAmount: limit,
      reservoirRefreshInterval: Math.max(heartbeatMs, windowMs),
    });
    return {
      run: (task) => limiter.schedule(task),
      close: () => limiter.stop({ dropWaitingJobs: true }),
    };
  },
};
