import type { IssueAttempt, Token, TokenRecord } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { drawPlan } from '../src/storm-plan.ts';
import { type Evidence, hashOf, type Told } from '../src/storm-round.ts';
import { judgeRound } from '../src/storm-verdict.ts';

const plan = { ...drawPlan(1, 1), isShortLived: false };
const nowMs = performance.timeOrigin + 10_000;
const token = (name: string, expiresAtMs: number): Token => ({ value: name.repeat(120), issuedAtMs: 0, expiresAtMs });
const attempt = (pid: number, outcome: IssueAttempt['outcome'], more: Partial<IssueAttempt> = {}): IssueAttempt => ({
  id: `of-${pid}`,
  by: `host.boot.1.${pid}.5`,
  atMs: nowMs,
  outcome,
  ...more,
});
const record = (held: Token | undefined, attempts: readonly IssueAttempt[] = [attempt(1, 'issued')]): TokenRecord => ({
  ...(held === undefined ? {} : { token: held }),
  attempts,
  dead: [],
});
const told = (held: Token, more: Partial<Told> = {}): Told => ({
  ...{ type: 'token', round: 1, what: 'get', who: 0, leftMs: 5, waitMs: 1 },
  ...{ hash: hashOf(held), expiresAtMs: held.expiresAtMs },
  ...more,
});
const one = token('a', 5);

function judge(more: Partial<Evidence>, ...records: readonly TokenRecord[]): string[] {
  const seen = (records.length > 0 ? records : [record(one)]).map((each, i) => ({ record: each, atMs: 10_000 + i }));
  const nothing = { told: [told(one)], forced: [], troubles: [], issues: 1, refusals: 0, blows: [], done: [] };
  return judgeRound({ plan, ...nothing, records: seen, ...more });
}

describe('the judge of a storm', () => {
  test('has nothing to say where all went well', () => {
    expect(judge({})).toEqual([]);
  });

  test('does not excuse a refused question, nor a needless token', () => {
    expect(judge({ refusals: 1 })).toEqual(['1 questions within the interval, at most 0 excused']);
    expect(judge({ issues: 2 })).toEqual(['2 tokens were issued where 1 had to do']);
  });

  test('excuses another token after a question whose claimant was killed, and no refused question', () => {
    const killed = attempt(7, 'failed', { leaseMs: 1_000, asked: true });
    const blows = [{ kind: 'kill', pid: 7, sinceMs: 0, untilMs: 0 }] as const;
    const after = record(one, [attempt(1, 'issued'), killed]);
    expect(judge({ issues: 2, blows }, after)).toEqual([]);
    expect(judge({ refusals: 1, issues: 3, blows }, after)).toHaveLength(2);
    // It never came to its question.
    expect(judge({ issues: 2, blows }, record(one, [{ ...killed, asked: undefined }]))).toHaveLength(1);
    // It had its answer before.
    const answered = record(one, [attempt(1, 'issued'), attempt(7, 'issued')]);
    expect(judge({ issues: 3, blows }, after, answered)).toHaveLength(1);
    // A claimant that lives is not to be overtaken.
    expect(judge({ refusals: 1, issues: 2 }, after)).toHaveLength(2);
  });

  test('excuses the question after a lease that was over', () => {
    const old = attempt(7, 'pending', { leaseMs: 1_000, atMs: nowMs - 1_100 });
    const after = [record(undefined, [old]), record(one, [attempt(1, 'issued'), { ...old, outcome: 'failed' }])];
    expect(judge({ issues: 2 }, ...after)).toEqual([]);
  });

  test('excuses a token for each that was refused, and for each refresh', () => {
    const forced = [
      { type: 'forces', round: 1, refused: 'x' },
      { type: 'forces', round: 1, refused: 'x' },
    ] as const;
    expect(judge({ issues: 2, forced })).toEqual([]);
    expect(judge({ issues: 3, forced })).toHaveLength(1);
    expect(judge({ issues: 3, forced: [...forced, { type: 'forces', round: 1 }] })).toEqual([]);
  });

  test('finds a record that goes back to an older token, to none, or to a dead one', () => {
    expect(judge({}, record(token('b', 6)), record(one))).toHaveLength(1);
    expect(judge({}, record(one), record(undefined))).toHaveLength(1);
    expect(judge({}, { ...record(one), dead: [hashOf(one)] })).toHaveLength(1);
    // One that KIS refused may go.
    expect(judge({}, record(token('b', 6)), { ...record(one), dead: [hashOf(token('b', 6))] })).toEqual([]);
  });

  test('finds a process that is given an older token, or one long after its end', () => {
    const later = told(token('b', 6));
    expect(judge({ told: [later, told(one)] })).toHaveLength(1);
    expect(judge({ told: [later, told(one, { who: 1 })] })).toEqual([]);
    expect(judge({ told: [later, told(one)], forced: [{ type: 'forces', round: 1, refused: later.hash }] })).toEqual(
      [],
    );
    expect(judge({ told: [told(one, { leftMs: -1_500 })] })).toHaveLength(1);
  });

  test('repeats what went wrong elsewhere', () => {
    expect(judge({ troubles: ['process 3: bang'] })).toEqual(['process 3: bang']);
  });
});
