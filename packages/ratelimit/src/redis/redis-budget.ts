import { defineScript, type RedisConnection } from '@kis/redis-connection';
import { type BudgetRules, leaseMsOf, memoryMsOf } from '../shared/budget-rules.ts';
import { grantOf } from '../shared/budget-state.ts';
import type { BudgetAnswer, BudgetRequest, SharedBudget } from '../shared/ports.ts';
import { createScript } from './script.ts';

const script = defineScript(createScript());

export interface RedisBudgetOptions {
  readonly budget: string;
  /** How long an exchange takes at the most, by the bounds of `connection`. */
  readonly longestMs: number;
}

/** A budget that is kept in Redis and goes by its clock: an exchange is one script. */
export function createRedisBudget(
  connection: RedisConnection,
  { budget, longestMs }: RedisBudgetOptions,
  rules: BudgetRules,
): SharedBudget {
  const keys = keysOf(budget);
  return {
    peerPrefix: '',
    longestMs,
    async exchange(request) {
      return toAnswer(request, await connection.evaluate(script, keys, [toArgument(rules, request)]));
    },
    close: () => connection.close(),
  };
}

/** Both in one slot of a cluster. */
export function keysOf(budget: string): readonly string[] {
  return [`{kis:${budget}}:slots`, `{kis:${budget}}:state`];
}

export function toArgument({ limit, windowMs, adaptive }: BudgetRules, request: BudgetRequest): string {
  const rules = { limit, windowMs, adaptive, leaseMs: leaseMsOf(windowMs), memoryMs: memoryMsOf(windowMs) };
  return JSON.stringify({ ...rules, ...request });
}

/** Numbers that may have a fraction come as text. */
type Reply = readonly [number, string, number, number, string, number, number, string];

export function toAnswer({ peer, number }: BudgetRequest, reply: unknown): BudgetAnswer {
  const [granted, waitMs, effectiveLimit, slotsInUse, pauseMs, bursts, peers, generation] = reply as Reply;
  return {
    grants: Array.from({ length: granted }, (_, index) => grantOf(peer, number, index)),
    waitMs: waitMs === 'inf' ? Infinity : Number(waitMs),
    effectiveLimit,
    slotsInUse,
    pauseMs: Number(pauseMs),
    bursts,
    peers,
    generation,
  };
}
