import { startChild } from '../in-child.ts';
import { limiterPeerNames, loadLimiterPeer } from '../peers/limiter-peers.ts';
import type { Table } from '../table.ts';
import type { CrowdFigures } from './crowd-child.ts';

/** What each of 100,000 waiters weighs. */
export async function limiterMemory(): Promise<Table> {
  const rows: [string, number][] = [];
  let ours = Number.NaN;
  for (const name of limiterPeerNames()) {
    const child = await startChild<CrowdFigures>(new URL('./crowd-child.ts', import.meta.url), ['memory', name]);
    const { bytesEach = Number.NaN } = (await child.run()) ?? {};
    child.end();
    rows.push([(await loadLimiterPeer(name)).name, Math.round(bytesEach)]);
    if (name === 'ours') ours = Math.round(bytesEach);
  }
  return {
    title: 'Limiter: what a waiter weighs, of 100,000',
    note:
      "Heap after a collection, the caller's promise and one `.catch` included. All have one shared `signal` and a `timeoutMs`, " +
      'of which a library takes what it knows: `@kis/ratelimit` both, the floor, p-queue and p-throttle the signal.',
    columns: ['subject', 'bytes'],
    rows,
    bars: [{ promise: '`@kis/ratelimit` takes at most 550 bytes a waiter', seen: String(ours), isMet: ours <= 550 }],
  };
}
