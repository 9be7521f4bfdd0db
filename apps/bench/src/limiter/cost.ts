import { compareInChildren } from '../compare.ts';
import { limiterPeerNames, loadLimiterPeer } from '../peers/limiter-peers.ts';
import type { Table } from '../table.ts';

const bare = 'bare async call';
const ours = '@kis/ratelimit';
const withOptions = '@kis/ratelimit, { signal, timeoutMs, priority }';

/** What a call through a limiter costs that has slots enough. */
export async function limiterCost(): Promise<Table> {
  const peers = await Promise.all(
    limiterPeerNames().map(async (arg) => ({ name: (await loadLimiterPeer(arg)).name, arg })),
  );
  const subjects = [{ name: bare, arg: 'bare' }, ...peers];
  const place = subjects.findIndex(({ name }) => name === ours) + 1;
  subjects.splice(place, 0, { name: withOptions, arg: 'ours-options' });

  const { cost, table } = await compareInChildren('ns', new URL('./cost-child.ts', import.meta.url), subjects);
  return {
    title: 'Limiter: a call that finds a slot',
    note: 'An empty async task, one call awaited after another, at a limit that nobody reaches. Each in a process of its own, 5 rounds in turn, medians.',
    ...table,
    bars: [ours, withOptions].map((name) => {
      const over = cost(name) - cost(bare);
      const ratio = cost(name) / cost(bare);
      return {
        promise: `\`${name}\` costs at most 6 x a bare async call, or 250 ns more`,
        seen: `${ratio.toFixed(1)} x, ${over.toFixed(0)} ns more`,
        isMet: ratio <= 6 || over <= 250,
      };
    }),
  };
}
