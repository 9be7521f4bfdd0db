import { sha256 } from './key.ts';
import type { IssueAttempt, Token, TokenRecord } from './ports.ts';
import { laterToken } from './validity.ts';

const MAX_ATTEMPTS = 20;
const MAX_DEAD = 5;

export const emptyRecord: TokenRecord = { attempts: [], dead: [] };

export interface RecordChange {
  readonly token?: Token | undefined;
  /** Takes the place of the attempt with its id, else becomes the newest. */
  readonly attempt?: IssueAttempt | undefined;
  /** The id of a claim whose question is about to be put: nothing changes where it is none any more. */
  readonly asked?: string | undefined;
  /** The id of a claim that never came to a question: its lease is 0 from then on, which is no trace and no loss. */
  readonly withdrawn?: string | undefined;
  /** What a storage may have lost: those that are newer than all that it has become part of it again. */
  readonly attempts?: readonly IssueAttempt[] | undefined;
  /** Ids of void claims: they become `'failed'`, and keep their `leaseMs` as a sign that they were never answered. */
  readonly voided?: readonly string[] | undefined;
  readonly dead?: readonly string[] | undefined;
}

/** The record after a change. The later token stays, a dead one never does. */
export function changeRecord(record: TokenRecord, change: RecordChange): TokenRecord {
  const known = new Set([...(change.dead ?? []), ...record.dead]);
  const offered = [record.token, change.token].filter((token) => token !== undefined);
  const token = offered
    .filter(({ value }) => !known.has(sha256(value)))
    .reduce<Token | undefined>(laterToken, undefined);
  // What is taken away here is named here: whoever still holds it would put it back.
  const buried = offered.map(({ value }) => sha256(value)).filter((hash) => known.has(hash));
  const dead = [...new Set([...buried, ...known])].slice(0, MAX_DEAD);
  return { ...(token === undefined ? {} : { token }), attempts: changeAttempts(record.attempts, change), dead };
}

function changeAttempts(before: readonly IssueAttempt[], change: RecordChange): IssueAttempt[] {
  const { attempt, asked, withdrawn } = change;
  const voided = new Set(change.voided);
  const attempts = [...findLost(before, change.attempts ?? []), ...before]
    .map((each) => (each.id === asked && isClaim(each) ? { ...each, asked: true } : each))
    .map((each) => (each.id === withdrawn ? { ...each, leaseMs: 0 } : each))
    .map((each) => (voided.has(each.id) ? { ...each, outcome: 'failed' as const } : each));
  if (attempt === undefined) return attempts.slice(0, MAX_ATTEMPTS);
  const at = attempts.findIndex((each) => each.id === attempt.id);
  if (at === -1) attempts.unshift(attempt);
  else attempts[at] = attempt;
  return mergeRefusals(attempts).slice(0, MAX_ATTEMPTS);
}

/** Those of `known` that are newer than all that is stored, newest first: whatever is older may have been left out on purpose. */
export function findLost(stored: readonly IssueAttempt[], known: readonly IssueAttempt[]): IssueAttempt[] {
  const newestMs = Math.max(...stored.map(({ atMs }) => atMs));
  return known
    .filter(({ id, atMs }) => atMs > newestMs && stored.every((each) => each.id !== id))
    .sort((a, b) => b.atMs - a.atMs);
}

// A key that is refused every minute would push everything else out of the record.
function mergeRefusals(attempts: readonly IssueAttempt[]): IssueAttempt[] {
  const merged: IssueAttempt[] = [];
  for (const attempt of attempts) {
    const newer = merged.at(-1);
    if (newer !== undefined && isSameRefusal(newer, attempt)) {
      merged[merged.length - 1] = { ...newer, count: (newer.count ?? 1) + (attempt.count ?? 1) };
    } else {
      merged.push(attempt);
    }
  }
  return merged;
}

function isSameRefusal(a: IssueAttempt, b: IssueAttempt): boolean {
  return a.outcome === 'refused' && b.outcome === 'refused' && a.kisCode === b.kisCode && a.forced === b.forced;
}

/** A claim, or what became of one whose claimant vanished: KIS's answer to it was never seen. */
export function isUnanswered(attempt: IssueAttempt): boolean {
  return isClaim(attempt) || attempt.leaseMs !== undefined;
}

export function isClaim({ outcome }: IssueAttempt): boolean {
  return outcome === 'pending';
}

/** A claim whose claimant has said that it did not ask. */
export function isWithdrawn({ leaseMs }: IssueAttempt): boolean {
  return leaseMs === 0;
}
