import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createKisClient } from '@kis/client';
import { createFileRateLimiter } from '@kis/ratelimit/file';
import { createRedisRateLimiter } from '@kis/ratelimit/redis';
import { createFileStorage } from '@kis/storage-file';
import { type CallerStop, createCallerPoints, type StopLine } from './caller-points.ts';

/** What one process is to do; it comes as JSON in its first argument. */
export interface CallerOptions {
  readonly baseUrl: string;
  /** Where its token is kept, and the budget's file. */
  readonly directory: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly budget: string;
  /** Where the budget is kept instead of a file. */
  readonly redisUrl?: string | undefined;
  /** Default: the client's own. */
  readonly limit?: number | undefined;
  /** Default: the client's own. */
  readonly isAdaptive?: boolean | undefined;
  /** How far the host's wall clock is off. */
  readonly wallOffsetMs?: number | undefined;
}

export interface CallerCommand {
  readonly count: number;
  /** When to begin, by a wall clock that is right. */
  readonly startMs: number;
  readonly stop?: CallerStop | undefined;
}

/** What it tells, a line of JSON each. */
export type CallerLine =
  | { readonly type: 'ready' }
  | StopLine
  | { readonly type: 'event'; readonly event: { readonly type: string } }
  | { readonly type: 'done'; readonly ok: number; readonly errors: readonly string[]; readonly tookMs: number };

const options = JSON.parse(process.argv[2] ?? '') as CallerOptions;
// Whatever a test does or forgets, no process of it outlives it by much.
setTimeout(() => process.exit(9), 120_000).unref();

const say = (line: CallerLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const wallNow = Date.now;
Date.now = () => wallNow() + (options.wallOffsetMs ?? 0);

const { directory, budget, redisUrl } = options;
const points = createCallerPoints();
const storage = createFileStorage({ directory });
const client = createKisClient({
  appKey: options.appKey,
  appSecret: options.appSecret,
  environment: 'real',
  baseUrl: options.baseUrl,
  storage,
  // What is refused has to be seen.
  retry: false,
  rateLimiter: {
    limit: options.limit,
    adaptive: options.isAdaptive,
    queueTimeoutMs: Infinity,
    create: (given) =>
      points.inLimiter(
        redisUrl === undefined
          ? createFileRateLimiter({ ...given, directory, budget })
          : createRedisRateLimiter({ ...given, url: redisUrl, budget }),
      ),
  },
  onEvent: (event) => {
    if (event.type === 'rate-limit') say({ type: 'event', event: event.event });
  },
});

await client.tokens.getToken();
say({ type: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const { count, startMs, stop } = JSON.parse(line) as CallerCommand;
  if (stop !== undefined) points.stopAt(stop);
  // All at one instant: a timer would spread them.
  while (performance.timeOrigin + performance.now() < startMs);
  const sinceMs = performance.now();
  const calls = Array.from({ length: count }, () => client.getCurrentPrice('005930'));
  const results = await Promise.allSettled(calls);
  const failed = results.filter((result) => result.status === 'rejected');
  const errors = failed.map(({ reason }) => reason.kisCode ?? reason.code ?? String(reason));
  say({ type: 'done', ok: count - failed.length, errors, tookMs: performance.now() - sinceMs });
}
await client.close();
await storage.close?.();
