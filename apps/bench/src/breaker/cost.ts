import { compareInChildren } from '../compare.ts';
import { breakerPeers } from '../peers/breaker-peers.ts';
import type { Table } from '../table.ts';

const bare = { name: 'bare async call', arg: 'bare' };
const ours = '@kis/breaker';
const note = 'Each in a process of its own, 5 rounds in turn, medians.';

/** What a call through a closed breaker costs. */
export async function breakerClosed(): Promise<Table> {
  const { cost, table } = await compare('closed', [bare]);
  const overNs = cost(ours) - cost(bare.name);
  return {
    title: 'Breaker: a call while it is closed',
    note: `An empty async task. ${note}`,
    ...table,
    bars: [
      {
        promise: '`@kis/breaker` costs at most 150 ns over a bare async call',
        seen: `${overNs.toFixed(0)} ns`,
        isMet: overNs <= 150,
      },
    ],
  };
}

/** What a call costs that an open breaker rejects. */
export async function breakerOpen(): Promise<Table> {
  const { cost, table } = await compare('open', []);
  const fasterNs = Math.min(cost(breakerPeers.cockatiel.name), cost(breakerPeers.opossum.name));
  const ratio = cost(ours) / fasterNs;
  return {
    title: 'Breaker: a call that is rejected while it is open',
    note: `The others take a stack trace with each rejection. ${note}`,
    ...table,
    bars: [
      {
        promise: '`@kis/breaker` takes at most half of the faster of the others',
        seen: `${ratio.toFixed(2)} x`,
        isMet: ratio <= 0.5,
      },
    ],
  };
}

function compare(state: 'closed' | 'open', before: readonly { readonly name: string; readonly arg: string }[]) {
  const peers = Object.entries(breakerPeers).map(([arg, { name }]) => ({ name, arg }));
  const subjects = [...before, ...peers].map(({ name, arg }) => ({ name, arg: `${arg} ${state}` }));
  return compareInChildren('ns', new URL('./cost-child.ts', import.meta.url), subjects);
}
