import { type Cost, costOf } from '../compare.ts';
import { beChild } from '../in-child.ts';
import type { RunningBreaker } from '../peers/breaker-peer.ts';
import { type BreakerPeerName, breakerPeers } from '../peers/breaker-peers.ts';

const task = async () => {};

/** Of a breaker that no call has to wait for, or that has had its five failures. */
await beChild<Cost>(async ([arg = '']) => {
  const [name = '', state] = arg.split(' ');
  const breaker: RunningBreaker =
    name === 'bare' ? { run: (task) => task() } : breakerPeers[name as BreakerPeerName].create(600_000);
  if (state === 'closed') return () => costOf(async () => await breaker.run(task));
  const ignore = () => {};
  for (let n = 0; n < 5; n += 1) await breaker.run(() => Promise.reject(new Error('failed'))).catch(ignore);
  return () => costOf(async () => await breaker.run(task).catch(ignore));
});
