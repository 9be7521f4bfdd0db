import { setTimeout as sleep } from 'node:timers/promises';
import { beChild } from '../in-child.ts';
import type { LimiterPeer, RunningLimiter } from '../peers/limiter-peer.ts';
import { type LimiterPeerName, loadLimiterPeer } from '../peers/limiter-peers.ts';

/** What a crowd of 100,000 does to a limiter. */
export interface CrowdFigures {
  readonly bytesEach?: number;
  readonly enqueueMs?: number;
  /** Until the last promise has settled. Missing where the library knows no such thing. */
  readonly abortMs?: number;
  readonly closeMs?: number;
}

const crowd = 100_000;
const limit = 20;
const windowMs = 1_000;
/** Longer than the queue, or a limiter that thinks would send them away at once. */
const timeoutMs = 10_000_000;

const task = async () => {};
const ignore = () => {};

/** A limiter whose slots are used up. */
function createBusy(peer: LimiterPeer, signal?: AbortSignal): RunningLimiter {
  const limiter = peer.create(limit, windowMs, signal);
  for (let n = 0; n < limit; n += 1) limiter.run(task).catch(ignore);
  return limiter;
}

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function weigh(peer: LimiterPeer): Promise<CrowdFigures> {
  const { signal } = new AbortController();
  const limiter = createBusy(peer, signal);
  const held = new Array<unknown>(crowd).fill(0);
  const before = heapBytes();
  for (let n = 0; n < crowd; n += 1) held[n] = limiter.run(task, { signal, timeoutMs }).catch(ignore);
  // Some libraries take theirs in by and by.
  await sleep(500);
  const bytesEach = (heapBytes() - before) / crowd;
  // Held until here.
  held.fill(0);
  return { bytesEach };
}

/** Lets a crowd wait, and calls `end`: how long the one and the other took. */
async function sendAway(limiter: RunningLimiter, signal: AbortSignal, end: () => unknown): Promise<[number, number]> {
  globalThis.gc?.();
  const startedMs = performance.now();
  let queuedMs = 0;
  await new Promise<void>((resolve) => {
    let left = crowd;
    const leave = () => {
      left -= 1;
      if (left === 0) resolve();
    };
    for (let n = 0; n < crowd; n += 1) limiter.run(task, { signal, timeoutMs }).then(leave, leave);
    queuedMs = performance.now();
    end();
  });
  return [queuedMs - startedMs, performance.now() - queuedMs];
}

async function sendAwayInAllWays(peer: LimiterPeer): Promise<CrowdFigures> {
  let figures: CrowdFigures = {};
  if (peer.canAbort) {
    const controller = new AbortController();
    const { signal } = controller;
    const [enqueueMs, abortMs] = await sendAway(createBusy(peer, signal), signal, () => controller.abort());
    figures = { enqueueMs, abortMs };
  }
  const limiter = createBusy(peer);
  if (limiter.close !== undefined) {
    const [enqueueMs, closeMs] = await sendAway(limiter, new AbortController().signal, () => limiter.close?.());
    figures = { enqueueMs, ...figures, closeMs };
  }
  return figures;
}

await beChild<CrowdFigures>(async ([what, name]) => {
  const peer = await loadLimiterPeer(name as LimiterPeerName);
  return () => (what === 'memory' ? weigh(peer) : sendAwayInAllWays(peer));
});
