import { setTimeout as sleep } from 'node:timers/promises';
import type { MockServerOptions } from '@kis/mock';
import { type RedisServer, startRedis } from '@kis/redis-servers';
import type { CallerOptions } from './caller.ts';
import { type Caller, type Callers, createCallers } from './callers.ts';
import type { Script } from './rig.ts';

/** What a budget is kept in. */
export type Backend = 'file' | 'Redis';

export const backends: readonly Backend[] = ['file', 'Redis'];

export interface BudgetSceneOptions {
  readonly server?: MockServerOptions;
  readonly callers?: Partial<CallerOptions>;
}

/** Processes that share one budget. */
export interface BudgetScene<By extends Backend = Backend> {
  readonly callers: Callers;
  readonly all: readonly Caller[];
  /** A server of its own, of a budget that is kept in Redis. */
  readonly redis: By extends 'Redis' ? RedisServer : undefined;
  end(): Promise<void>;
}

export async function createBudgetScene<By extends Backend>(
  script: Script,
  by: By,
  count: number,
  given: BudgetSceneOptions = {},
): Promise<BudgetScene<By>> {
  const redis = by === 'Redis' ? await startRedis() : undefined;
  const callers = await createCallers(script, { ...given, callers: { redisUrl: redis?.url, ...given.callers } });
  // It gets the token for all.
  const first = await callers.add();
  const others = await Promise.all(Array.from({ length: count - 1 }, () => callers.add()));
  return {
    callers,
    all: [first, ...others],
    redis: redis as BudgetScene<By>['redis'],
    async end() {
      await callers.end();
      await redis?.stop();
    },
  };
}

export const eventsOf = ({ lines }: Caller): string[] =>
  lines.flatMap((line) => (line.type === 'event' ? [line.event.type] : []));

/** Resolves when so many calls were judged. */
export async function untilCalls({ callers }: BudgetScene, count: number): Promise<void> {
  while (callers.server.fake.log().calls < count) await sleep(10);
}
