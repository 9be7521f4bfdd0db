import { createFakeKis, type FakeKis } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { type Clock, type KisEnvironment, systemClock } from '@kis/token-core';
import { onTestFinished } from 'vitest';
import { createKisClient, type KisClient, type KisClientOptions, type KisRequest } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

export interface Stage {
  readonly fake: FakeKis;
  readonly client: KisClient;
  readonly asked: KisRequest[];
  /** What the clock of KIS, and of the host, shows. */
  setTime(time: string): void;
}

/** The client over a fake KIS at which it is that time, such as `2026-11-20T10:00:00+09:00`. */
export function startAt(
  time: string,
  { environment = 'real', ...options }: { environment?: KisEnvironment } & Partial<KisClientOptions> = {},
): Stage {
  const startMs = Date.parse(time);
  let nowMs = startMs;
  const monotonicMs = () => systemClock.monotonicMs() + nowMs - startMs;
  const clock: Clock = { ...systemClock, nowMs: () => nowMs, monotonicMs };
  const fake = createFakeKis({ environment, clock, symbols: 400, limit: 100_000 });
  const asked: KisRequest[] = [];
  const client = createKisClient({
    appKey,
    appSecret,
    environment,
    dispatcher: fake.dispatcher,
    rateLimiter: createRateLimiter({ limit: 100_000 }),
    clock,
    use: [
      (next) => (request) => {
        asked.push(request);
        return next(request);
      },
    ],
    ...options,
  });
  onTestFinished(() => client.close());
  return {
    fake,
    client,
    asked,
    setTime(later) {
      nowMs = Date.parse(later);
    },
  };
}
