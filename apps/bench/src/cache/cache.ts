import KeyvRedis from '@keyv/redis';
import { createKisClient, type KisClient, type KisClientOptions } from '@kis/client';
import { createFakeKis } from '@kis/mock';
import { startRedis } from '@kis/redis-servers';
import { Keyv } from 'keyv';
import { median } from '../median.ts';
import type { Bar, Cell, Table } from '../table.ts';

const rounds = 5;
const reads = 2_000;
const misses = 1_000;

/** What is read: a price has some 3 kB, a chart of 100 days some 20. */
const kinds: Readonly<Record<string, (client: KisClient) => Promise<unknown>>> = {
  'a price': (client) => client.getCurrentPrice('005930'),
  'a chart of 100 days': (client) => client.getChart('005930', { period: 'day', count: 100 }),
};

/** How long a read takes that finds its reply in the cache. */
export async function cachedReads(): Promise<Table> {
  const rows: Cell[][] = [];
  const measure = async (where: string, cache: KisClientOptions['cache']): Promise<number> => {
    const p99s: number[] = [];
    for (const [what, read] of Object.entries(kinds)) {
      const [p50, p99, most] = await timesOf(cache, read);
      rows.push([`${what}, ${where}`, p50, p99, most]);
      p99s.push(p99);
    }
    return Math.max(...p99s);
  };
  const bars = [toBar('in memory', 1, await measure('in memory', true))];
  const redis = await startRedis();
  const store = new Keyv(new KeyvRedis(redis.url));
  try {
    bars.push(toBar('through Redis', 10, await measure('through Redis', { store })));
  } finally {
    await store.disconnect();
    await redis.stop();
  }
  const calls = await countCalls();
  bars.push({
    promise: '1,000 who miss the same at once cost 1 call',
    seen: `${calls} calls`,
    isMet: calls === 1,
    isExact: true,
  });
  return {
    title: 'Cache: reads that are kept',
    note: `${reads.toLocaleString('en-US')} reads one after another by a client of the fake in its own process; medians of ${rounds} rounds. Redis: \`keyv\` and \`@keyv/redis\`, a server of its own on the loopback.`,
    columns: ['read', 'p50 ms', 'p99 ms', 'longest ms'],
    rows,
    bars,
  };
}

function toBar(where: string, mostMs: number, p99Ms: number): Bar {
  return { promise: `p99 ${where} under ${mostMs} ms`, seen: `${p99Ms.toFixed(3)} ms`, isMet: p99Ms < mostMs };
}

function open(cache: KisClientOptions['cache']) {
  const fake = createFakeKis();
  const appKey = 'PSBENCHBENCHBENCHBENCHBENCHBENCHBE01';
  const keys = { appKey, appSecret: 'benchsecret', environment: 'real' } as const;
  return { fake, client: createKisClient({ ...keys, dispatcher: fake.dispatcher, cache }) };
}

async function timesOf(
  cache: KisClientOptions['cache'],
  read: (client: KisClient) => Promise<unknown>,
): Promise<[number, number, number]> {
  const { client, fake } = open(cache);
  await using _ = client;
  // Also until the code is compiled.
  for (let n = 0; n < 1_000; n += 1) await read(client);
  const seen: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times: number[] = [];
    for (let n = 0; n < reads; n += 1) {
      const startMs = performance.now();
      await read(client);
      times.push(performance.now() - startMs);
    }
    seen.push(times.sort((a, b) => a - b));
  }
  const { calls } = fake.log();
  if (calls !== 1) throw new Error(`${calls} calls of KIS, so that not all reads were of the cache`);
  const at = (part: number) => median(seen.map((times) => times[Math.floor(part * (reads - 1))] ?? Number.NaN));
  return [at(0.5), at(0.99), at(1)];
}

async function countCalls(): Promise<number> {
  const { client, fake } = open(true);
  await using _ = client;
  await Promise.all(Array.from({ length: misses }, () => client.getCurrentPrice('005930')));
  return fake.log().calls;
}
