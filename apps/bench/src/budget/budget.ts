import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MockLog } from '@kis/mock';
import { startRedis } from '@kis/redis-servers';
import { startChild } from '../in-child.ts';
import { median } from '../median.ts';
import type { Bar, Table } from '../table.ts';

const rounds = 3;
const limit = 18;
/** Of all processes. While the first 360 of them are judged, all have callers that wait. */
const calls = 400;
const least = 0.97;

interface Case {
  readonly name: string;
  readonly kind: 'alone' | 'file' | 'redis';
  readonly processes: number;
}

const cases: readonly Case[] = [
  { name: 'one process, a limiter of its own', kind: 'alone', processes: 1 },
  { name: 'one process, by a file', kind: 'file', processes: 1 },
  { name: 'four processes, by a file', kind: 'file', processes: 4 },
  { name: 'one process, by Redis', kind: 'redis', processes: 1 },
  { name: 'four processes, by Redis', kind: 'redis', processes: 4 },
];

interface Round {
  readonly rate: number;
  readonly refused: number;
}

/** What sharing a budget costs in calls a second. */
export async function sharedBudgets(): Promise<Table> {
  const seen = new Map(cases.map(({ name }) => [name, [] as Round[]]));
  for (let round = 0; round < rounds; round += 1) {
    // At one time, so that what else runs on the machine is the same for all.
    await Promise.all(cases.map(async (one) => seen.get(one.name)?.push(await play(one))));
  }
  const rate = (name: string) => median((seen.get(name) ?? []).map((round) => round.rate));
  const refused = (name: string) => (seen.get(name) ?? []).reduce((sum, round) => sum + round.refused, 0);
  const names = cases.map(({ name }) => name);
  const [, ...shared] = names;
  return {
    title: 'A budget of 18 a second between processes',
    note: `${calls} calls to a mock 40 ms away, with up to 30 ms of jitter, whose log is the judge: calls a second while all processes have callers that wait, from the 19th call on. All at one time, ${rounds} rounds, medians.`,
    columns: ['subject', 'calls a second', 'refused'],
    rows: names.map((name) => [name, rate(name), refused(name)]),
    bars: [
      ...['a file', 'Redis'].map((by) => atLeast(by, rate(`four processes, by ${by}`) / rate(`one process, by ${by}`))),
      refusedNone(shared.reduce((sum, name) => sum + refused(name), 0)),
    ],
  };
}

function atLeast(by: string, part: number): Bar {
  return {
    promise: `four processes that share by ${by} make at least 97 % of the calls of one`,
    seen: `${(100 * part).toFixed(1)} %`,
    isMet: part >= least,
  };
}

function refusedNone(refused: number): Bar {
  return {
    promise: 'none of their calls is refused (EGW00201)',
    seen: String(refused),
    isMet: refused === 0,
    isExact: true,
  };
}

async function play({ kind, processes }: Case): Promise<Round> {
  // In a process of its own: what keeps this one busy must not change when calls are judged.
  const server = await startChild<string>(new URL('../socket/server-child.ts', import.meta.url), []);
  const url = (await server.run()) ?? '';
  const directory = mkdtempSync(join(tmpdir(), 'kis-bench-'));
  const redis = kind === 'redis' ? await startRedis() : undefined;
  const args = [url, kind, redis?.url ?? directory];
  const script = new URL('./caller-child.ts', import.meta.url);
  const children = await Promise.all(Array.from({ length: processes }, () => startChild<number>(script, args)));
  try {
    const order = String(calls / processes);
    const refused = await Promise.all(children.map((child) => child.run({ order })));
    return { rate: await rateAt(url), refused: refused.reduce<number>((sum, each = calls) => sum + each, 0) };
  } finally {
    for (const child of children) child.end();
    server.end();
    await redis?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Over whole windows, each counted from a call to the one that takes its slot again. */
async function rateAt(url: string): Promise<number> {
  const { entries } = (await (await fetch(`${url}/__log`)).json()) as MockLog;
  const moments = entries.flatMap(({ path, atMs }) => (path.startsWith('/uapi/') ? [atMs] : []));
  const last = limit * 20;
  return ((last - limit) / ((moments[last] ?? Number.NaN) - (moments[limit] ?? Number.NaN))) * 1_000;
}
