import type { Cost } from '../compare.ts';
import { beChild } from '../in-child.ts';
import { type Grant, grantPeers } from './grant-peers.ts';

/** How long a round takes, and how many are in flight all the while. */
const roundMs = 400;
const inFlight = 50;

/** What a grant costs while many are asked for: the time of the round by their number, and how long one call waited. */
await beChild<Cost>(async ([arg = '']) => {
  const [name = '', url = ''] = arg.split(' ');
  const grant = await grantPeers[name]?.create(url);
  if (grant === undefined) throw new RangeError(`there is no peer ${name}`);
  await playRound(grant);
  return () => playRound(grant);
});

async function playRound(grant: Grant): Promise<Cost> {
  const waits: number[] = [];
  const startMs = performance.now();
  async function work(worker: number): Promise<void> {
    for (let fromMs = startMs; fromMs < startMs + roundMs; ) {
      await grant(worker);
      const nowMs = performance.now();
      waits.push(nowMs - fromMs);
      fromMs = nowMs;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => work(worker)));
  const tookMs = performance.now() - startMs;
  waits.sort((a, b) => a - b);
  const toNs = (ms = Number.NaN) => ms * 1_000_000;
  return { p50: toNs(tookMs / waits.length), p99: toNs(waits[Math.floor(0.99 * waits.length)]) };
}
