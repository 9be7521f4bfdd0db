import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

export interface LoadReport {
  readonly asked: number;
  readonly ok: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

// Asks at a fixed rate, whatever comes back: a latency counts from the moment at which the question was due.

const [url = '', perSecond = 2_000, seconds = 30] = process.argv
  .slice(2)
  .map((it, index) => (index === 0 ? it : Number(it))) as [string, number, number];
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: 50 });
const latencies: number[] = [];
const total = perSecond * seconds;
let ok = 0;

async function ask(dueMs: number): Promise<void> {
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path: pathname });
    await body.dump();
    if (statusCode === 200) ok += 1;
  } finally {
    latencies.push(performance.now() - dueMs);
  }
}

const startedMs = performance.now();
const waiting: Promise<void>[] = [];
for (let n = 0; n < total; ) {
  const due = Math.min(total, Math.floor(((performance.now() - startedMs) * perSecond) / 1_000));
  for (; n < due; n += 1) waiting.push(ask(startedMs + (n * 1_000) / perSecond).catch(() => {}));
  await sleep(1);
}
await Promise.all(waiting);
const tookMs = performance.now() - startedMs;
latencies.sort((a, b) => a - b);
const at = (part: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
const report: LoadReport = {
  ...{ asked: total, ok, perSecond: (ok * 1_000) / tookMs },
  ...{ p50Ms: at(0.5), p99Ms: at(0.99), longestMs: latencies.at(-1) ?? 0 },
};
process.send?.(report, () => process.exit(0));
