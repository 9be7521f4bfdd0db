import { createKisClient, type KisClient, type KisClientOptions } from '@kis/client';
import { createFakeKis, type FakeKis, type FakeKisOptions } from '@kis/mock';
import {
  type Clock,
  createKisIssuer,
  createTokenManager,
  type TokenManager,
  type TokenManagerOptions,
} from '@kis/token-core';
import { onTestFinished } from 'vitest';
import { createManualClock, settle } from '../../../packages/token-core/test/manual-clock.ts';
import { account } from '../src/cast.ts';

/** A fake KIS and its callers in one process, without sockets, on one clock that the test moves. */
export interface OneClock {
  readonly fake: FakeKis;
  nowMs(): number;
  /** A client with a token, limiter and breaker of its own. */
  client(options?: Partial<KisClientOptions>): KisClient;
  /** A token manager that asks the fake. */
  tokens(options?: Partial<TokenManagerOptions>): TokenManager;
  pass(ms: number): Promise<void>;
  /** Lets time pass until the promise is settled, an hour at most. */
  play<T>(promise: Promise<T>): Promise<T>;
  /** How much time passes until it is. */
  durationMs(promise: Promise<unknown>): Promise<number>;
}

const HOUR_MS = 3_600_000;

export function createOneClock(options: FakeKisOptions = {}): OneClock {
  const clock = createSteps();
  const fake = createFakeKis({ symbols: 20, tokenLatencyMs: 100, clock, ...options });

  async function play<T>(promise: Promise<T>): Promise<T> {
    const untilMs = clock.monotonicMs() + HOUR_MS;
    let isSettled = false;
    const seen = (): void => {
      isSettled = true;
    };
    promise.then(seen, seen);
    await clock.rest();
    while (!isSettled && clock.monotonicMs() < untilMs) await clock.step(untilMs);
    if (!isSettled) throw new Error('an hour has passed, and the promise is not settled');
    return promise;
  }

  return {
    fake,
    nowMs: () => clock.nowMs(),
    client(given) {
      const client = createKisClient({ ...account, dispatcher: fake.dispatcher, clock, ...given });
      onTestFinished(() => client.close());
      return client;
    },
    tokens(given) {
      const issuer = createKisIssuer({ ...account, fetch: (url, init) => fake.handle(new Request(url, init)) });
      const tokens = createTokenManager({ ...account, issuer, clock, ...given });
      onTestFinished(() => tokens.close());
      return tokens;
    },
    async pass(ms) {
      const untilMs = clock.monotonicMs() + ms;
      while (clock.monotonicMs() < untilMs) await clock.step(untilMs);
    },
    play,
    async durationMs(promise) {
      const startMs = clock.monotonicMs();
      await play(promise);
      return clock.monotonicMs() - startMs;
    },
  };
}

/** A manual clock that goes from one timer to the next, and stands still until all that the timer set going has come to rest. */
function createSteps(): Clock & { step(untilMs: number): Promise<void>; rest(): Promise<void> } {
  const clock = createManualClock();
  const due = new Map<object, number>();
  let changes = 0;

  async function rest(): Promise<void> {
    let seen: number;
    do {
      seen = changes;
      for (let i = 0; i < 6; i += 1) await settle();
    } while (changes !== seen);
  }

  return {
    ...clock,
    setTimer(ms, run, options) {
      const timer = {};
      const end = (): void => {
        due.delete(timer);
        changes += 1;
      };
      const cancel = clock.setTimer(
        ms,
        () => {
          end();
          run();
        },
        options,
      );
      due.set(timer, clock.monotonicMs() + Math.max(1, ms));
      changes += 1;
      return () => {
        end();
        cancel();
      };
    },
    async step(untilMs) {
      await rest();
      await clock.advance(Math.min(untilMs, ...due.values()) - clock.monotonicMs());
      await rest();
    },
    rest,
  };
}

/** What became of each of many calls. */
export async function outcomes<T>(
  calls: readonly Promise<T>[],
): Promise<{ readonly values: readonly T[]; readonly errors: readonly unknown[] }> {
  const settled = await Promise.allSettled(calls);
  return {
    values: settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    errors: settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
  };
}

/** So many calls at once. */
export function times<T>(count: number, call: (n: number) => Promise<T>): Promise<T>[] {
  return Array.from({ length: count }, (_, n) => call(n));
}
