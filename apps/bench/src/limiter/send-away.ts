import { type Child, startChild } from '../in-child.ts';
import { median } from '../median.ts';
import { type LimiterPeerName, limiterPeerNames, loadLimiterPeer } from '../peers/limiter-peers.ts';
import type { Bar, Cell, Table } from '../table.ts';
import type { CrowdFigures } from './crowd-child.ts';

const rounds = 5;
const limitMs = 20_000;

/** How long it takes until 100,000 waiters know that they need not wait. */
export async function limiterSendAway(): Promise<Table> {
  const names = limiterPeerNames();
  const seen = await measureAll(names);
  const middle = (name: LimiterPeerName, figure: (figures: CrowdFigures) => number | undefined) =>
    median((seen.get(name) ?? []).flatMap((figures) => figure(figures) ?? []));
  const enqueue = ({ enqueueMs }: CrowdFigures) => enqueueMs;
  const abort = ({ abortMs }: CrowdFigures) => abortMs;
  const both = ({ enqueueMs = 0, abortMs }: CrowdFigures) => abortMs && enqueueMs + abortMs;
  const close = ({ closeMs }: CrowdFigures) => closeMs;
  const abortRatio = (name: LimiterPeerName) => middle(name, both) / middle('floor', both);
  const closeRatio = (name: LimiterPeerName) => middle(name, close) / middle('floor', close);

  const rows = names.map(async (name): Promise<Cell[]> => {
    const { name: title, canAbort, create } = await loadLimiterPeer(name);
    const orLate = (ms: number) => (seen.get(name)?.length === 0 ? 'over 20,000' : Math.round(ms));
    return [
      ...[title, Math.round(middle(name, enqueue))],
      ...[canAbort ? orLate(middle(name, abort)) : 'no abort', abortRatio(name)],
      ...[create(1, 1_000).close ? orLate(middle(name, close)) : 'no close', closeRatio(name)],
    ];
  });
  return {
    title: 'Limiter: 100,000 waiters are sent away',
    note:
      'Enqueued with one shared `signal` and, where the library knows one, a far `timeoutMs`; then aborted, or the limiter closed, until ' +
      'every promise has settled. Each subject in a process of its own, 5 rounds in turn, medians.',
    columns: ['subject', 'enqueue ms', 'abort ms', 'both, x floor', 'close ms', 'x floor'],
    rows: await Promise.all(rows),
    bars: [
      bar("100,000 enqueued and aborted take at most 1.5 x the floor's time", abortRatio('ours'), 1.5),
      bar("`close()` of 100,000 takes at most 2 x the floor's time", closeRatio('ours'), 2),
    ],
  };
}

function bar(promise: string, ratio: number, most: number): Bar {
  return { promise, seen: `${ratio.toFixed(2)} x`, isMet: ratio <= most };
}

/** Who was too slow once is not asked again. */
async function measureAll(names: readonly LimiterPeerName[]): Promise<ReadonlyMap<LimiterPeerName, CrowdFigures[]>> {
  const script = new URL('./crowd-child.ts', import.meta.url);
  const seen = new Map<LimiterPeerName, CrowdFigures[]>();
  const children = new Map<LimiterPeerName, Child<CrowdFigures>>();
  await Promise.all(
    names.map(async (name) => {
      children.set(name, await startChild<CrowdFigures>(script, ['send-away', name]));
      seen.set(name, []);
    }),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, child] of children) {
      const figures = await child.run({ limitMs });
      if (figures === undefined) children.delete(name);
      else seen.get(name)?.push(figures);
    }
  }
  for (const child of children.values()) child.end();
  return seen;
}
