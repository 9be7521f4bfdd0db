import { startRedis } from '@kis/redis-servers';
import { createRedisStorage } from '@kis/storage-redis';
import type { TokenRecord } from '@kis/token-core';
import { Redis } from 'ioredis';
import { median } from '../median.ts';
import type { Bar, Table } from '../table.ts';

const rounds = 7;
const reads = 2_000;
const readers = 100;

/** A day ahead, so that it does not go away. */
function sampleRecord(): TokenRecord {
  const nowMs = Date.now();
  const token = { value: `ey${'J0b2tlbg'.repeat(43)}`, issuedAtMs: nowMs, expiresAtMs: nowMs + 86_400_000 };
  return { token, attempts: [{ id: 'bench', by: 'bench', atMs: nowMs, outcome: 'issued' }], dead: [] };
}

/** How long the storage takes to read a token, beside the command that it cannot do without. */
export async function redisReads(): Promise<Table> {
  await using redis = await startRedis();
  const client = new Redis(redis.url);
  const storage = createRedisStorage({ client });
  try {
    await storage.compareAndSet('real-bench', undefined, sampleRecord());
    const [hash = ''] = await client.keys('korea_investment:token:*');
    const subjects = { 'bare HGETALL': () => client.hgetall(hash), 'storage.read': () => storage.read('real-bench') };
    const seen = Object.entries(subjects).map(([name, read]) => ({ name, read, rounds: [] as Times[] }));
    for (const { read } of seen) await timesOf(read);
    for (let round = 0; round < rounds; round += 1) for (const each of seen) each.rounds.push(await timesOf(each.read));
    const middle = seen.map(({ name, rounds }) => ({
      name,
      p50: median(rounds.map(({ p50 }) => p50)),
      p99: median(rounds.map(({ p99 }) => p99)),
    }));
    const [bare, ours] = middle.map(({ p99 }) => p99);
    return {
      title: 'Redis: a token is read',
      note: `${reads.toLocaleString('en-US')} reads one after another over one client, ${rounds} rounds in turn, medians.`,
      columns: ['read', 'p50 us', 'p99 us'],
      rows: middle.map(({ name, p50, p99 }) => [name, Math.round(p50 * 1_000), Math.round(p99 * 1_000)]),
      bars: [...toBars(bare ?? Number.NaN, ours ?? Number.NaN), await readTogether(() => storage.read('real-bench'))],
    };
  } finally {
    await storage.close?.();
    client.disconnect();
  }
}

interface Times {
  readonly p50: number;
  readonly p99: number;
}

async function timesOf(read: () => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  for (let n = 0; n < reads; n += 1) {
    const startMs = performance.now();
    await read();
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * (reads - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function toBars(bareMs: number, oursMs: number): Bar[] {
  const ratio = oursMs / bareMs;
  return [
    { promise: "p99 of a read at most 1.5 x a bare HGETALL's", seen: `${ratio.toFixed(2)} x`, isMet: ratio <= 1.5 },
    { promise: 'p99 of a read under 10 ms', seen: `${oursMs.toFixed(2)} ms`, isMet: oursMs < 10 },
  ];
}

async function readTogether(read: () => Promise<{ readonly record: TokenRecord } | undefined>): Promise<Bar> {
  let failed = 0;
  const reader = async () => {
    for (let n = 0; n < 20; n += 1) {
      const found = await read().catch(() => undefined);
      if (found?.record.token === undefined) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return {
    promise: `${readers} readers at once: 0 errors`,
    seen: `${failed} errors`,
    isMet: failed === 0,
    isExact: true,
  };
}
