import type { IssueAttempt } from '@kis/token-core';
import { LEASE_MS } from './storm-plan.ts';
import { type Evidence, type Forced, hashOf, type Told } from './storm-round.ts';
import type { Blow } from './troupe.ts';

/** A `Date` header has whole seconds: a clock that was set by it may be wrong by so much. */
const DATE_HEADER_MS = 1_000;

/** What a round broke of what was promised. */
export function judgeRound(evidence: Evidence): string[] {
  return [
    ...evidence.troubles,
    ...judgeQuestions(evidence),
    ...judgeRecords(evidence),
    ...[...new Set(evidence.told.map(({ who }) => who))].flatMap((who) =>
      judgeTokens(
        evidence.told.filter((each) => each.who === who),
        evidence.forced,
      ),
    ),
  ];
}

/** KIS refuses a question within the interval: one may be put where a clock is off, no other. */
function judgeQuestions({ plan, forced, records, blows, issues, refusals }: Evidence): string[] {
  const lost = new Set([...lostClaims(records, blows), ...unknownAnswers(records)]).size;
  const claimants = new Set(records.flatMap(({ record }) => record.attempts.map(pidOf)));
  const wrongClocks = pids(blows, 'wrong clock').filter((pid) => claimants.has(pid)).length;
  // One question for all who were refused the same token, and one for each who wants another at any rate.
  const wanted = new Set(forced.map(({ refused }, i) => refused ?? i)).size;

  const broken: string[] = [];
  if (refusals > wrongClocks) broken.push(`${refusals} questions within the interval, at most ${wrongClocks} excused`);
  const enough = 1 + wanted + lost;
  if (!plan.isShortLived && issues > enough) broken.push(`${issues} tokens were issued where ${enough} had to do`);
  return broken;
}

/** The claims, by id, that others found void when their lease was over, and those whose question was perhaps put by a process that was killed. */
function lostClaims(records: Evidence['records'], blows: Evidence['blows']): string[] {
  const killed = pids(blows, 'kill');
  const wrongClocks = pids(blows, 'wrong clock');
  const claimed = new Map<string, number>();
  const overdue = new Set<string>();
  const unanswered = new Set<string>();
  for (const { record, atMs } of records) {
    for (const attempt of record.attempts) {
      const { id, leaseMs, asked, outcome } = attempt;
      const pid = pidOf(attempt);
      if (leaseMs === undefined) {
        unanswered.delete(id);
        continue;
      }
      if (killed.includes(pid) && asked === true) unanswered.add(id);
      // When it was put in, told by a clock that can be trusted: here it may have been seen later.
      const claimMs = wrongClocks.includes(pid) ? atMs : attempt.atMs - performance.timeOrigin;
      if (!claimed.has(id)) claimed.set(id, claimMs);
      const isOver = atMs - (claimed.get(id) ?? atMs) > 0.9 * LEASE_MS;
      if (outcome !== 'pending' && isOver) overdue.add(id);
    }
  }
  return [...overdue, ...unanswered];
}

function unknownAnswers(records: Evidence['records']): string[] {
  return records.flatMap(({ record }) =>
    record.attempts.flatMap(({ id, outcome }) => (outcome === 'unknown' ? id : [])),
  );
}

function judgeRecords({ records }: Evidence): string[] {
  const broken: string[] = [];
  let latest = records[0]?.record.token;
  for (const { record } of records) {
    const { token, dead } = record;
    const isBuried = latest !== undefined && dead.includes(hashOf(latest));
    if (latest !== undefined && !isBuried && (token === undefined || token.expiresAtMs < latest.expiresAtMs)) {
      broken.push(
        `the record went back from a token that ends at ${latest.expiresAtMs} to ${token?.expiresAtMs ?? 'none'}`,
      );
    }
    if (token !== undefined && dead.includes(hashOf(token))) broken.push('the record holds a dead token');
    latest = token ?? (isBuried ? undefined : latest);
  }
  if (latest === undefined) broken.push('no token is stored in the end');
  return broken;
}

/** What one place was given, one after the other. */
function judgeTokens(told: readonly Told[], forced: readonly Forced[]): string[] {
  const broken: string[] = [];
  const refused = new Set(forced.map((each) => each.refused));
  for (const [i, { who, what, expiresAtMs, leftMs }] of told.entries()) {
    if (leftMs <= -DATE_HEADER_MS)
      broken.push(`process ${who} was given a token ${-Math.round(leftMs)} ms after its end`);
    const before = told[i - 1];
    if (before !== undefined && !refused.has(before.hash) && expiresAtMs < before.expiresAtMs) {
      broken.push(`process ${who} was given an older token by ${what} than before`);
    }
  }
  return broken;
}

function pids(blows: Evidence['blows'], kind: Blow['kind']): number[] {
  return [...new Set(blows.filter((blow) => blow.kind === kind).map(({ pid }) => pid))];
}

function pidOf({ by }: IssueAttempt): number {
  return Number(by.split('.').at(-2));
}
