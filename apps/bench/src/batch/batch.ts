import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchStats, type ChartOptions, createKisClient, type KisClient } from '@kis/client';
import { createFakeKis, type MockLog } from '@kis/mock';
import { startChild } from '../in-child.ts';
import { median } from '../median.ts';
import type { Bar, Table } from '../table.ts';

const stocks = 2_400;
const limit = 18;
const note =
  `${stocks.toLocaleString('en-US')} stocks by a client that holds its token, over real sockets; the mock is a process of its own, at ` +
  `${limit} a second, 40 ms and 0 to 30 ms of jitter, and its log is the judge.`;

interface Round {
  readonly stats: BatchStats;
  readonly calls: number;
  readonly refusals: number;
}

type Batch = (client: KisClient, codes: readonly string[]) => Promise<{ readonly stats: BatchStats }>;

/** Thirty prices to a call: 80 calls, of which the last cannot leave before the fifth second begins. */
export async function batchOfPrices(): Promise<Table> {
  const seen = await play(3, (client, codes) => client.getCurrentPrices(codes));
  const durationS = median(seen.map(({ stats }) => stats.durationMs)) / 1_000;
  return {
    title: 'Client: a batch of 2,400 prices',
    note: `${note} Before there were batches this took two to three minutes.`,
    columns: ['round', 's', 'stocks/s', 'in success', 'calls', 'refused'],
    rows: seen.map(toRow),
    bars: [
      {
        promise: '2,400 prices take at most 5.0 s',
        seen: `${durationS.toFixed(2)} s (worst ${(worst(seen, 'durationMs') / 1_000).toFixed(2)} s)`,
        isMet: durationS <= 5,
      },
      ...counts(seen),
      count('they take 80 calls', Math.max(...seen.map(({ calls }) => calls)), 80),
    ],
  };
}

/** A call to each, so that nothing but the limiter counts: beside the same calls, all of them in its queue from the start. */
export async function batchOfCharts(): Promise<Table> {
  const chart = { period: 'day', count: 30 } as const;
  const [alone = 0] = (await play(1, queueAll(chart))).map(({ stats }) => stats.durationMs);
  const seen = await play(1, (client, codes) => client.getCharts(codes, chart));
  const over = worst(seen, 'durationMs') / alone - 1;
  const leastS = Math.ceil(stocks / limit) - 1;
  return {
    title: 'Client: a batch of 2,400 daily charts',
    note: `${note} Without a way to KIS the limit would take ${leastS} s; the limiter alone took ${(alone / 1_000).toFixed(2)} s.`,
    columns: ['round', 's', 'stocks/s', 'in success', 'calls', 'refused'],
    rows: seen.map(toRow),
    bars: [
      {
        promise: '2,400 charts take at most 3 % more than the limiter alone',
        seen: `${(100 * over).toFixed(1)} %`,
        isMet: over <= 0.03,
      },
      ...counts(seen),
    ],
  };
}

/** What the limiter takes when all calls are there at once. */
function queueAll(chart: ChartOptions): Batch {
  return async (client, codes) => {
    const startedMs = performance.now();
    await Promise.all(codes.map((code) => client.getChart(code, chart)));
    const durationMs = performance.now() - startedMs;
    const counts = { total: stocks, succeeded: stocks, failed: 0, requests: stocks, retried: 0 };
    return { stats: { ...counts, durationMs, stocksPerSecond: (stocks * 1_000) / durationMs } };
  };
}

async function play(rounds: number, batch: Batch): Promise<readonly Round[]> {
  const codes = createFakeKis()
    .symbols.slice(0, stocks)
    .map(({ code }) => code);
  const server = await startChild<string>(new URL('../socket/server-child.ts', import.meta.url), []);
  const seen: Round[] = [];
  try {
    const baseUrl = (await server.run()) ?? '';
    for (let round = 0; round < rounds; round += 1) {
      await fetch(`${baseUrl}/__control`, { method: 'POST', body: JSON.stringify({ clearLog: true }) });
      const appKey = 'PSBENCHBENCHBENCHBENCHBENCHBENCHBE01';
      const options = { appKey, appSecret: 'benchsecret', environment: 'real', baseUrl } as const;
      await using client = createKisClient({ ...options, rateLimiter: { queueTimeoutMs: Infinity } });
      await client.tokens.getToken();
      const { stats } = await batch(client, codes);
      const { calls, refusals } = (await (await fetch(`${baseUrl}/__log`)).json()) as MockLog;
      seen.push({ stats, calls, refusals });
      // Until the server's window is empty.
      await sleep(1_100);
    }
  } finally {
    server.end();
  }
  return seen;
}

function toRow({ stats, calls, refusals }: Round, index: number): (string | number)[] {
  const { durationMs, stocksPerSecond, succeeded } = stats;
  return [String(index + 1), (durationMs / 1_000).toFixed(2), Math.round(stocksPerSecond), succeeded, calls, refusals];
}

function worst(seen: readonly Round[], figure: keyof BatchStats): number {
  return Math.max(...seen.map(({ stats }) => stats[figure]));
}

function counts(seen: readonly Round[]): Bar[] {
  return [
    count('all are in `success`', Math.min(...seen.map(({ stats }) => stats.succeeded)), stocks),
    count('0 calls are refused (EGW00201)', Math.max(...seen.map(({ refusals }) => refusals)), 0),
  ];
}

function count(promise: string, seen: number, wanted: number): Bar {
  return { promise, seen: String(seen), isMet: seen === wanted, isExact: true };
}
