import { inspect } from 'node:util';
import { createRedisConnection } from '@kis/redis-connection';
import { startProxy } from '@kis/redis-servers';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRedisBudget } from '../../src/redis/redis-budget.ts';
import type { BudgetAnswer, BudgetRequest, SharedBudget } from '../../src/shared/ports.ts';
import { untilGrown, useRedis } from './budgets.ts';

/** 4 slots, of which none becomes free by itself within a test. */
const windowMs = 4_000;

function useBudget(url: string): SharedBudget {
  const connection = createRedisConnection({ url, commandTimeoutMs: 300 });
  const budget = createRedisBudget(
    connection,
    { budget: 'test', longestMs: 300 },
    { limit: 4, windowMs, adaptive: false },
  );
  onTestFinished(() => budget.close());
  return budget;
}

function ask(peer: string, wanted: number): BudgetRequest {
  const nothing = { ended: [], running: [], pauseMs: 0, creditMs: 0, generation: undefined, returnMs: 0 };
  return { peer, number: 1, wanted, ...nothing };
}

/** It was started a moment ago, and is silent for a window. */
async function untilAwake(url: string): Promise<void> {
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  await untilGrown([client], windowMs / 1_000 + 1);
}

describe('a budget in Redis', () => {
  test('gives the slots of a question once, though its reply was lost and it was sent again', async () => {
    const redis = await useRedis();
    const proxy = await startProxy(redis.port);
    onTestFinished(() => proxy.stop());
    const [one, other] = [useBudget(proxy.url), useBudget(redis.url)];
    await untilAwake(redis.url);
    // Now Redis knows the script, so that it is carried out at the first word.
    await other.exchange(ask('before', 0));
    const lost = proxy.loseReplyTo('"wanted":3');
    const { grants } = await one.exchange(ask('one', 3));
    await lost;
    expect(grants).toEqual(['one.1.0', 'one.1.1', 'one.1.2']);
    expect(await other.exchange(ask('other', 3))).toMatchObject({ grants: ['other.1.0'], slotsInUse: 4, peers: 3 });
  });

  test('gives them once, though Redis was frozen, and carried it out when nobody waited any more', async () => {
    const redis = await useRedis();
    const [one, other] = [useBudget(redis.url), useBudget(redis.url)];
    await untilAwake(redis.url);
    await other.exchange(ask('other', 0));
    await one.exchange(ask('before', 0));
    redis.freeze();
    await expect(one.exchange(ask('one', 3))).rejects.toThrow();
    redis.thaw();
    const again = (): Promise<BudgetAnswer> => one.exchange(ask('one', 3)).catch(again);
    const { grants } = await again();
    expect(grants).toEqual(['one.1.0', 'one.1.1', 'one.1.2']);
    expect(await other.exchange(ask('third', 3))).toMatchObject({ grants: ['third.1.0'], slotsInUse: 4 });
  });

  test('rejects without the password where Redis refuses it', async () => {
    const redis = await useRedis({ password: 'right' });
    const budget = useBudget(redis.url.replace('//', '//:testsecret+%2F=@'));
    const error = await budget.exchange(ask('one', 1)).catch((error: unknown) => error);
    expect(String((error as Error).stack)).toMatch(/WRONGPASS/);
    expect(inspect(error, { depth: 9 })).not.toContain('testsecret');
  });
});
