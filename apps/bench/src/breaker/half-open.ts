import { setTimeout as sleep } from 'node:timers/promises';
import type { BreakerPeer } from '../peers/breaker-peer.ts';
import { breakerPeers } from '../peers/breaker-peers.ts';
import type { Table } from '../table.ts';

const callers = 1_000;
const openMs = 200;

/** How the server is when the breaker tries it again: each answers after a moment, or never. */
const servers = {
  healed: () => sleep(5),
  broken: () => sleep(5).then(() => Promise.reject(new Error('failed'))),
  hanging: () => new Promise<never>(() => {}),
};

interface Outcome {
  reached: number;
  served: number;
  rejected: number;
}

/** How many of 1,000 callers reach a server that may still be down. */
export async function breakerHalfOpen(): Promise<Table> {
  const rows: (string | number)[][] = [];
  const ours: [string, number][] = [];
  for (const peer of Object.values(breakerPeers)) {
    for (const [state, answer] of Object.entries(servers)) {
      const { reached, served, rejected } = await rush(peer, answer);
      rows.push([`${peer.name}, ${state}`, reached, served, rejected, callers - served - rejected]);
      if (peer === breakerPeers.ours) ours.push([state, reached]);
    }
  }
  return {
    title: 'Breaker: 1,000 callers when it is half open',
    note: 'All at once, after the rest is over, while the server is well again, still broken, or hangs. Looked at half a second later.',
    columns: ['breaker, server', 'reach it', 'served', 'rejected', 'still wait'],
    rows,
    bars: ours.map(([state, reached]) => ({
      promise: `\`@kis/breaker\`, server ${state}: 1 caller reaches it`,
      seen: String(reached),
      isMet: reached === 1,
      isExact: true,
    })),
  };
}

async function rush(peer: BreakerPeer, answer: () => Promise<void>): Promise<Outcome> {
  const breaker = peer.create(openMs);
  for (let n = 0; n < 5; n += 1) await breaker.run(() => Promise.reject(new Error('failed'))).catch(() => {});
  await sleep(openMs + 20);
  const outcome: Outcome = { reached: 0, served: 0, rejected: 0 };
  const task = () => {
    outcome.reached += 1;
    return answer();
  };
  for (let n = 0; n < callers; n += 1) {
    breaker.run(task).then(
      () => {
        outcome.served += 1;
      },
      () => {
        outcome.rejected += 1;
      },
    );
  }
  await sleep(500);
  breaker.close?.();
  return { ...outcome };
}
