import { startRedis } from '@kis/redis-servers';
import { compareInChildren } from '../compare.ts';
import type { Table } from '../table.ts';
import { grantPeers } from './grant-peers.ts';

/** What a permit from Redis costs while 50 callers ask for one after another. */
export async function redisGrants(): Promise<Table> {
  await using redis = await startRedis();
  const subjects = Object.entries(grantPeers).map(([key, { name }]) => ({ name, arg: `${key} ${redis.url}` }));
  const script = new URL('./grant-child.ts', import.meta.url);
  const { cost, table } = await compareInChildren('us', script, subjects);
  const names = subjects.map(({ name }) => name);
  const ratio = cost(names[1] ?? '') / cost(names[0] ?? '');
  return {
    title: 'Redis: a grant with 50 in flight',
    note: 'An empty task, a limit that holds nobody back. `us` is the time of a round by its grants, `p99` how long one of the 50 waited for its own. Those who wait at `@kis/ratelimit/redis` are asked for together, in one script. Each in a process of its own, 5 rounds in turn, medians.',
    ...table,
    bars: [
      {
        promise: 'a grant of `@kis/ratelimit/redis` costs at most 1.3 x a bare EVALSHA of the same size',
        seen: `${ratio.toFixed(2)} x`,
        isMet: ratio <= 1.3,
      },
    ],
  };
}
