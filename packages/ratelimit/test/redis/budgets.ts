import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisOptions, type RedisServer, startRedis } from '@kis/redis-servers';
import type { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import type { RateLimitEvent, RateLimiter } from '../../src/index.ts';
import { createRedisRateLimiter, type RedisRateLimiterOptions } from '../../src/redis.ts';

/** A server that ends with the test. */
export async function useRedis(options?: RedisOptions): Promise<RedisServer> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  return redis;
}

/** Resolves when they have run for so many seconds: a second longer than a window, there is no silence any more. */
export async function untilGrown(clients: readonly Redis[], seconds: number): Promise<void> {
  for (const client of clients) {
    for (let uptime = 0; uptime < seconds; ) {
      uptime = Number(/uptime_in_seconds:(\d+)/.exec(await client.info('server'))?.[1]);
      if (uptime < seconds) await sleep(200);
    }
  }
}

export interface Watched {
  readonly limiter: RateLimiter;
  readonly events: readonly RateLimitEvent[];
}

/** A limiter of 4 calls in 100 ms that ends with the test, and what it tells. */
export function useLimiter(options: Partial<RedisRateLimiterOptions>): Watched {
  const events: RateLimitEvent[] = [];
  const limiter = createRedisRateLimiter({
    ...{ limit: 4, windowMs: 100, roundTripCredit: 0, budget: 'test', commandTimeoutMs: 5_000 },
    onEvent: (event) => void events.push(event),
    ...options,
  });
  onTestFinished(() => limiter.close({ timeoutMs: 0 }));
  return { limiter, events };
}

/** Empty tasks, and the most of them that began in any window. */
export interface Count {
  /** Lets each limiter run so many, all wanted at once. */
  run(limiters: readonly Watched[], each: number): Promise<void>;
  readonly ran: number;
  mostIn(windowMs: number): number;
}

export function createCount(): Count {
  const startedMs: number[] = [];
  const task = async () => void startedMs.push(performance.now());
  return {
    async run(limiters, each) {
      await Promise.all(limiters.flatMap(({ limiter }) => Array.from({ length: each }, () => limiter.execute(task))));
    },
    get ran() {
      return startedMs.length;
    },
    mostIn(windowMs) {
      return Math.max(...startedMs.map((ms) => startedMs.filter((each) => each >= ms && each < ms + windowMs).length));
    },
  };
}
