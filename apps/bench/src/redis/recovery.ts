import { setTimeout as sleep } from 'node:timers/promises';
import type { RateLimitEvent } from '@kis/ratelimit';
import { createRedisRateLimiter } from '@kis/ratelimit/redis';
import { startRedis } from '@kis/redis-servers';
import { createRedisStorage, type RedisStorage } from '@kis/storage-redis';
import { median } from '../median.ts';
import type { Bar, Table } from '../table.ts';

const restarts = 20;
const mostMs = 1_500;
const windowMs = 1_000;

/** Milliseconds after Redis was ready again. */
interface Recovery {
  /** A token was read. */
  readonly read: number;
  /** The limiter knew of it, and the first call after its silence had its turn. */
  readonly restored: number;
  readonly granted: number;
}

/** How soon what has lost Redis has it again. */
export async function redisRecovery(): Promise<Table> {
  const seen: Recovery[] = [];
  for (let n = 0; n < restarts; n += 1) seen.push(await recover((n % 10) * 150));
  const of = (figure: keyof Recovery) => seen.map((recovery) => recovery[figure]);
  const row = (name: string, times: readonly number[]) => [name, Math.round(median(times)), Math.round(max(times))];
  return {
    title: 'Redis: it is back',
    note: `Killed, noticed, and started again empty after up to 1.4 s, ${restarts} times: from the moment that it takes connections. A limiter whose callers wait adds a silence, for others may still go by their shares.`,
    columns: ['until', 'median ms', 'longest ms'],
    rows: [
      row('`read` of @kis/storage-redis', of('read')),
      row('@kis/ratelimit/redis says `restored`', of('restored')),
      row(`the next call of it, at ${windowMs.toLocaleString('en-US')} ms a window`, of('granted')),
    ],
    bars: [bar('`read`', of('read')), bar('`restored`', of('restored'))],
  };
}

const max = (times: readonly number[]): number => Math.max(...times);

function bar(what: string, times: readonly number[]): Bar {
  return {
    promise: `${what} at most ${mostMs.toLocaleString('en-US')} ms after Redis is back, the longest of ${restarts}`,
    seen: `${max(times).toFixed(0)} ms`,
    isMet: max(times) <= mostMs,
  };
}

async function recover(awayMs: number): Promise<Recovery> {
  await using redis = await startRedis();
  const storage = createRedisStorage({ url: redis.url });
  const heard = new Map<RateLimitEvent['type'], () => void>();
  const limiter = createRedisRateLimiter({
    ...{ url: redis.url, budget: 'bench', limit: 18, windowMs, queueTimeoutMs: Infinity },
    onEvent: ({ type }) => heard.get(type)?.(),
  });
  const told = (type: RateLimitEvent['type']) => new Promise<void>((resolve) => heard.set(type, resolve));
  const calls = createCalls(() => limiter.execute(async () => {}));
  try {
    await storage.read('real-bench');
    const degraded = told('degraded');
    await redis.kill();
    await Promise.all([degraded, untilRead(storage, false)]);
    await sleep(awayMs);
    const restored = told('restored');
    await redis.restart();
    const backMs = performance.now();
    const sinceBack = () => performance.now() - backMs;
    const [read, restoredMs] = await Promise.all([untilRead(storage, true).then(sinceBack), restored.then(sinceBack)]);
    await calls.next();
    return { read, restored: restoredMs, granted: sinceBack() };
  } finally {
    calls.end();
    await Promise.all([limiter.close({ timeoutMs: 100 }), storage.close?.()]);
  }
}

/** More callers than can be served wait all the while. `next`: when the next one has had its turn. */
function createCalls(call: () => Promise<void>): { next(): Promise<void>; end(): void } {
  let isOver = false;
  let listeners: (() => void)[] = [];
  async function work(): Promise<void> {
    while (!isOver) {
      await call().catch(() => {});
      for (const listener of listeners) listener();
      listeners = [];
    }
  }
  for (let n = 0; n < 40; n += 1) void work();
  return {
    next: () => new Promise((resolve) => listeners.push(resolve)),
    end() {
      isOver = true;
    },
  };
}

async function untilRead(storage: RedisStorage, isSo: boolean): Promise<void> {
  for (;;) {
    const isRead = await storage.read('real-bench').then(
      () => true,
      () => false,
    );
    if (isRead === isSo) return;
    await sleep(5);
  }
}
