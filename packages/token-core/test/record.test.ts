import { describe, expect, test } from 'vitest';
import { sha256 } from '../src/key.ts';
import type { IssueAttempt, Token, TokenRecord } from '../src/ports.ts';
import { changeRecord, emptyRecord } from '../src/record.ts';

const token = (name: string, expiresAtMs: number): Token => ({ value: name.repeat(120), issuedAtMs: 0, expiresAtMs });
const attempt = (id: string, outcome: IssueAttempt['outcome'], more: Partial<IssueAttempt> = {}): IssueAttempt => ({
  id,
  by: 'a.b.c.1.2',
  atMs: 1,
  outcome,
  ...more,
});
const holding = (held: Token): TokenRecord => ({ token: held, attempts: [], dead: [] });

describe('a change of the record', () => {
  test('an older token never replaces a later one, and on a tie the stored one stays', () => {
    expect(changeRecord(holding(token('a', 5)), { token: token('b', 4) }).token).toEqual(token('a', 5));
    expect(changeRecord(holding(token('a', 5)), { token: token('b', 5) }).token).toEqual(token('a', 5));
    expect(changeRecord(holding(token('a', 5)), { token: token('b', 6) }).token).toEqual(token('b', 6));
  });

  test('a dead token leaves the record and does not come back', () => {
    const dead = [sha256(token('a', 5).value)];
    const buried = changeRecord(holding(token('a', 5)), { dead });
    expect(buried).toEqual({ attempts: [], dead });
    expect(changeRecord(buried, { token: token('a', 9) }).token).toBeUndefined();
    expect(changeRecord(holding(token('a', 5)), { dead, token: token('b', 1) }).token).toEqual(token('b', 1));
  });

  test('the tombstone of what it takes away is among those that are kept', () => {
    const dead = ['1', '2', '3', '4', '5', sha256(token('a', 5).value)];
    expect(changeRecord(holding(token('a', 5)), { dead })).toEqual({
      attempts: [],
      dead: [dead[5], '1', '2', '3', '4'],
    });
  });

  test('five tombstones are kept, the newest first', () => {
    const record = ['1', '2', '3', '4', '5', '6'].reduce((r, hash) => changeRecord(r, { dead: [hash] }), emptyRecord);
    expect(record.dead).toEqual(['6', '5', '4', '3', '2']);
  });

  test('an attempt takes its own place again, a new one comes first', () => {
    const claimed = changeRecord(emptyRecord, { attempt: attempt('1', 'pending', { leaseMs: 9 }) });
    const second = changeRecord(claimed, { attempt: attempt('2', 'pending', { leaseMs: 9 }), voided: ['1'] });
    expect(second.attempts).toEqual([attempt('2', 'pending', { leaseMs: 9 }), attempt('1', 'failed', { leaseMs: 9 })]);
    const answered = changeRecord(second, { attempt: attempt('1', 'issued') });
    expect(answered.attempts.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['2', 'pending'],
      ['1', 'issued'],
    ]);
  });

  test('a withdrawn claim has no lease any more', () => {
    const claimed = changeRecord(emptyRecord, { attempt: attempt('1', 'pending') });
    expect(changeRecord(claimed, { withdrawn: '1' }).attempts).toEqual([attempt('1', 'pending', { leaseMs: 0 })]);
  });

  test('refusals in a row become one with a count', () => {
    const refused = (id: string, kisCode = 'EGW00133') => ({ attempt: attempt(id, 'refused', { kisCode }) });
    const record = [refused('1'), refused('2'), refused('3'), refused('4', 'EGW00103')].reduce(
      changeRecord,
      emptyRecord,
    );
    expect(record.attempts).toEqual([
      attempt('4', 'refused', { kisCode: 'EGW00103' }),
      attempt('3', 'refused', { kisCode: 'EGW00133', count: 3 }),
    ]);
  });

  test('twenty attempts are kept', () => {
    let record = emptyRecord;
    for (let i = 0; i < 30; i += 1) record = changeRecord(record, { attempt: attempt(String(i), 'issued') });
    expect(record.attempts.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => String(29 - i)));
  });
});
