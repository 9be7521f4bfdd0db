import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

export interface LoadOrder {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Milliseconds. A latency counts from the moment at which its question was due. */
export interface LoadReport {
  readonly asked: number;
  readonly ok: number;
  readonly perSecond: number;
  readonly latency: Spread;
  /** By how much the questions left too late, which is among the latencies and is no fault of whoever is asked. */
  readonly lateness: Spread;
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

// A process of its own that asks at a fixed rate, whatever comes back. It takes one order after the other and keeps its
// connections, so that what it measures is not its own beginning.

const pools = new Map<string, Pool>();

process.on('message', async (order: LoadOrder) => process.send?.(await run(order)));

async function run({ url, perSecond, seconds }: LoadOrder): Promise<LoadReport> {
  const { origin, pathname } = new URL(url);
  const pool = pools.get(origin) ?? new Pool(origin, { connections: 50 });
  pools.set(origin, pool);
  const total = perSecond * seconds;
  const latencies = new Float64Array(total);
  const latenesses = new Float64Array(total);
  let [ok, answered] = [0, 0];

  async function ask(n: number, dueMs: number): Promise<void> {
    latenesses[n] = performance.now() - dueMs;
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path: pathname });
      await body.dump();
      if (statusCode === 200) ok += 1;
    } catch {
      // It is not among those that are ok.
    } finally {
      latencies[n] = performance.now() - dueMs;
      answered += 1;
    }
  }

  const startedMs = performance.now();
  for (let n = 0; answered < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) * perSecond) / 1_000));
    for (; n < due; n += 1) void ask(n, startedMs + (n * 1_000) / perSecond);
    await sleep(1);
  }
  const tookMs = performance.now() - startedMs;
  return {
    ...{ asked: total, ok, perSecond: (ok * 1_000) / tookMs },
    ...{ latency: spreadOf(latencies), lateness: spreadOf(latenesses) },
  };
}

function spreadOf(values: Float64Array): Spread {
  const sorted = values.toSorted();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), longest: at(1) };
}
