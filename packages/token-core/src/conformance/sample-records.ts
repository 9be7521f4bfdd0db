import type { IssueAttempt, TokenRecord } from '../ports.ts';

/** A small record that can be told from others by its number, in each of its parts. */
export function sampleRecord(number: number): TokenRecord {
  return {
    token: { value: `token-${number}`.padEnd(200, '.'), issuedAtMs: number, expiresAtMs: 1_900_000_000_000 + number },
    attempts: [{ id: `attempt-${number}`, by: 'host.boot.1.2.3', atMs: number, outcome: 'issued' }],
    dead: [String(number).padStart(64, '0')],
  };
}

/** All that a record can hold: each outcome, each optional field, 20 attempts, 5 dead tokens. */
export function fullRecord(): TokenRecord {
  const outcomes = ['pending', 'issued', 'same-token', 'refused', 'failed', 'unknown'] as const;
  const attempts = Array.from({ length: 20 }, (_, index): IssueAttempt => {
    const attempt = { id: `attempt-${index}`, by: 'host.boot.1.2.3', atMs: 1_700_000_000_000 + index };
    const outcome = outcomes[index % outcomes.length] ?? 'issued';
    if (outcome === 'pending') return { ...attempt, outcome, leaseMs: 15_000, asked: true, forced: true };
    if (outcome === 'refused') return { ...attempt, outcome, count: 3, kisCode: 'EGW00133' };
    return { ...attempt, outcome };
  });
  return {
    token: { value: 'x'.repeat(2_000), issuedAtMs: 1_700_000_000_000, expiresAtMs: 1_700_086_400_000 },
    attempts,
    dead: ['a', 'b', 'c', 'd', 'e'].map((digit) => digit.repeat(64)),
  };
}

export const emptyRecord: TokenRecord = { attempts: [], dead: [] };
