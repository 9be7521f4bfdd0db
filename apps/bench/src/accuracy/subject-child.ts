import { setTimeout as sleep } from 'node:timers/promises';
import { beChild } from '../in-child.ts';
import { type LimiterPeerName, loadLimiterPeer } from '../peers/limiter-peers.ts';
import { createJudge, type Verdict } from './judge.ts';
import { type PatternName, patterns } from './patterns.ts';

const systemNow = Date.now;

await beChild<Verdict>(async ([peerName]) => {
  const judge = await createJudge(20);
  const peer = await loadLimiterPeer(peerName as LimiterPeerName);
  return async (patternName) => {
    const { bursts, block, jump } = patterns[patternName as PatternName];
    const { call, verdict } = await judge.begin();
    const limiter = peer.create(20, 1_000);
    const calls: Promise<void>[] = [];
    const events = bursts.map(({ atMs, count }) => ({
      atMs,
      happen() {
        for (let n = 0; n < count; n += 1) calls.push(limiter.run(call));
      },
    }));
    if (block !== undefined) events.push({ atMs: block.atMs, happen: () => blockFor(block.ms) });
    if (jump !== undefined) events.push({ atMs: jump.atMs, happen: () => putClock(jump.ms) });

    const startedMs = performance.now();
    await Promise.all(events.map(({ atMs, happen }) => sleep(startedMs + atMs - performance.now()).then(happen)));
    await Promise.all(calls);
    limiter.close?.();
    putClock(0);
    return verdict();
  };
});

/** Without a processor, of which others have need. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function putClock(byMs: number): void {
  Date.now = () => systemNow() + byMs;
}
