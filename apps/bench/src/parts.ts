import { limiterAccuracy } from './accuracy/accuracy.ts';
import { batchOfCharts, batchOfPrices } from './batch/batch.ts';
import { breakerClosed, breakerOpen } from './breaker/cost.ts';
import { breakerHalfOpen } from './breaker/half-open.ts';
import { sharedBudgets } from './budget/budget.ts';
import { cachedReads } from './cache/cache.ts';
import { benchFake } from './fake.ts';
import { benchFiles } from './file.ts';
import { limiterCost } from './limiter/cost.ts';
import { limiterMemory } from './limiter/memory.ts';
import { limiterSendAway } from './limiter/send-away.ts';
import { redisGrants } from './redis/grants.ts';
import { redisReads } from './redis/reads.ts';
import { redisRecovery } from './redis/recovery.ts';
import { clientRetries } from './retry/retry.ts';
import { simulation } from './simulation/part.ts';
import { clientOnSocket } from './socket/socket.ts';
import type { Part, Table } from './table.ts';
import { benchTokens } from './token.ts';

/** In the order in which they run, one after another: what is timed must have the machine for itself. */
export const parts: readonly Part[] = [
  part('token', benchTokens),
  part('file', benchFiles),
  part('limiter', limiterCost, limiterMemory, limiterSendAway),
  part('accuracy', limiterAccuracy),
  simulation,
  part('socket', clientOnSocket),
  part('batch', batchOfPrices, batchOfCharts),
  part('breaker', breakerClosed, breakerOpen, breakerHalfOpen),
  part('retry', clientRetries),
  part('cache', cachedReads),
  part('redis', redisGrants, redisReads, redisRecovery),
  part('budget', sharedBudgets),
  part('fake', benchFake),
];

function part(name: string, ...benches: readonly (() => Promise<Table | readonly Table[]>)[]): Part {
  return {
    name,
    async run() {
      const tables: Table[] = [];
      for (const bench of benches) tables.push(...[await bench()].flat());
      return tables;
    },
  };
}
