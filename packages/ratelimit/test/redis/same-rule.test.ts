import { type AnyRedis, anyRedis } from '@kis/redis-servers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keysOf, toAnswer, toArgument } from '../../src/redis/redis-budget.ts';
import { createScript } from '../../src/redis/script.ts';
import { exchange } from '../../src/shared/budget.ts';
import type { BudgetState } from '../../src/shared/budget-state.ts';
import type { BudgetAnswer, BudgetRequest } from '../../src/shared/ports.ts';
import { createRandom } from '../simulation/service.ts';
import { createPeers } from './random-peers.ts';

let redis: AnyRedis;
let client: Redis;
beforeAll(async () => {
  redis = await anyRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

/** The script, by a clock that the test sets. */
const script = createScript({ time: '{ ARGV[2], ARGV[3] }', uptime: 'ARGV[4]' });

describe('the script of Redis', () => {
  test('gives the answers of the rule, whatever is asked in whatever order', { timeout: 120_000 }, async () => {
    const sha1 = String(await client.script('LOAD', script));
    const seen = { granted: 0, told: 0, paused: 0, lowered: 0 };
    for (let seed = 1; seed <= 80; seed += 1) {
      const isBusy = seed % 4 === 0;
      const peers = createPeers(createRandom(seed), isBusy);
      const keys = keysOf(`test-${process.pid}-${seed}`);
      const pipeline = client.pipeline();
      const expected: BudgetAnswer[] = [];
      const requests: BudgetRequest[] = [];
      let state: BudgetState | undefined;
      for (let n = 0; n < (isBusy ? 400 : 100); n += 1) {
        const { nowUs, rules, request, isLost, uptime } = peers.next();
        const [seconds, micros] = [Math.floor(nowUs / 1e6), nowUs % 1e6];
        if (isLost) state = undefined;
        const nowMs = seconds * 1_000 + micros / 1_000;
        const result = exchange(rules, state, request, nowMs, nowMs - (uptime - 1) * 1_000);
        state = result.state;
        if (isLost) pipeline.del(...keys);
        pipeline.evalsha(sha1, keys.length, ...keys, toArgument(rules, request), seconds, micros, uptime);
        requests.push(request);
        expected.push(result.answer);
        peers.hear(request, result.answer);
        tally(seen, result.answer, rules.limit);
      }
      const replies = await pipeline.del(...keys).exec();
      const answers = (replies ?? []).map(([, reply]) => reply).filter((reply) => typeof reply !== 'number');
      expect(
        requests.map((request, n) => toAnswer(request, answers[n])),
        `seed ${seed}`,
      ).toEqual(expected);
    }
    // Each of these was really tried.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(300);
  });
});

function tally(seen: Record<string, number>, answer: BudgetAnswer, limit: number): void {
  const note = (name: string, isSo: boolean) => {
    if (isSo) seen[name] = (seen[name] ?? 0) + 1;
  };
  note('granted', answer.grants.length > 0);
  note('told', answer.waitMs < Infinity);
  note('paused', answer.pauseMs > 0);
  note('lowered', answer.effectiveLimit < limit);
}
