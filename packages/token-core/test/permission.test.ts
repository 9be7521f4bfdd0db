import { describe, expect, test } from 'vitest';
import { type Block, judgePermission, type Situation } from '../src/permission.ts';
import type { IssueAttempt } from '../src/ports.ts';

const NOW = 1_000_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function attempt(outcome: IssueAttempt['outcome'], agoMs: number, more: Partial<IssueAttempt> = {}): IssueAttempt {
  return { id: `${outcome}-${agoMs}`, by: 'here.boot.1.10.1', atMs: NOW - agoMs, outcome, ...more };
}
const claim = (agoMs: number, more: Partial<IssueAttempt> = {}) =>
  attempt('pending', agoMs, { leaseMs: 15 * SECOND, ...more });
/** One whose question was about to be put. */
const asked = (agoMs: number, more: Partial<IssueAttempt> = {}) => claim(agoMs, { asked: true, ...more });

function judge(attempts: IssueAttempt[], more: Partial<Situation> = {}): Block | undefined {
  return permission(attempts, more).block;
}
function permission(attempts: IssueAttempt[], more: Partial<Situation> = {}) {
  return judgePermission(
    { attempts, dead: [] },
    {
      nowMs: NOW,
      isTimeLearned: true,
      minIssueIntervalMs: MINUTE,
      sinceSeenMs: () => 0,
      isNeighbour: () => true,
      isDead: () => false,
      hadOurSecret: () => true,
      isForced: false,
      isInsistent: false,
      ...more,
    },
  );
}

describe('who may ask', () => {
  test('an empty record lets anybody ask', () => {
    expect(judge([])).toBeUndefined();
  });

  test.each([
    ['issued', 'interval'],
    ['unknown', 'interval'],
    ['failed', 'backoff'],
  ] as const)('nobody asks within a minute after %s', (outcome, reason) => {
    expect(judge([attempt(outcome, 20 * SECOND)])).toMatchObject({ reason, waitMs: 40 * SECOND });
    expect(judge([attempt(outcome, MINUTE)])).toBeUndefined();
  });

  test('a refusal for being too soon is waited out, and counts from its answer', () => {
    const refused = attempt('refused', 10 * SECOND, { kisCode: 'EGW00133' });
    expect(judge([refused, attempt('issued', 50 * SECOND)])).toMatchObject({ reason: 'interval', waitMs: 50 * SECOND });
  });

  test('F5: an attempt that lies in the future counts from when it was first seen', () => {
    const future = attempt('issued', -HOUR);
    expect(judge([future], { sinceSeenMs: () => 0 })).toMatchObject({ waitMs: MINUTE });
    expect(judge([future], { sinceSeenMs: () => MINUTE })).toBeUndefined();
  });

  test('the most recent answer counts, wherever it stands', () => {
    expect(judge([attempt('issued', 2 * MINUTE), attempt('issued', SECOND)])).toMatchObject({ waitMs: 59 * SECOND });
  });
});

describe('a claim', () => {
  test('keeps others off while its lease runs', () => {
    expect(judge([claim(5 * SECOND)])).toMatchObject({ reason: 'claimed', waitMs: 10 * SECOND });
    expect(permission([claim(5 * SECOND)]).voided).toEqual([]);
  });

  test.each([
    ['by the death of its claimant', SECOND, true],
    ['by its lease', 20 * SECOND, false],
  ])('that is void %s counts for nothing where it never came to its question', (_, agoMs, isDead) => {
    const { block, voided } = permission([claim(agoMs)], { isDead: () => isDead });
    expect(block).toBeUndefined();
    expect(voided).toEqual([claim(agoMs).id]);
  });

  test.each([
    ['by the death of its claimant', SECOND, true],
    ['by its lease', 20 * SECOND, false],
  ])('that is void %s counts from the last moment at which its question may have left', (_, agoMs, isDead) => {
    const { block, voided } = permission([asked(agoMs)], { isDead: () => isDead });
    expect(block).toMatchObject({ reason: 'interval', waitMs: 67.5 * SECOND - agoMs });
    expect(voided).toEqual([asked(agoMs).id]);
    expect(judge([asked(67.5 * SECOND)], { isDead: () => isDead })).toBeUndefined();
  });

  test('by a dead claimant of a clock ahead of ours counts from when it was first seen', () => {
    const dead = { isDead: () => true, sinceSeenMs: () => 4 * SECOND };
    expect(judge([asked(-72 * HOUR)], dead)).toMatchObject({ reason: 'interval', waitMs: 63.5 * SECOND });
  });

  test('that was withdrawn counts for nothing, however far it had come', () => {
    expect(judge([asked(SECOND, { leaseMs: 0 })])).toBeUndefined();
  });

  test('of another host is timed by the reader, whose clock may differ', () => {
    const situation = { isNeighbour: () => false, sinceSeenMs: () => 4 * SECOND };
    expect(judge([claim(HOUR)], situation)).toMatchObject({ reason: 'claimed', waitMs: 11 * SECOND });
  });

  test('is timed by the reader where the host may be wrong, or was for whoever put it in', () => {
    const seen = { sinceSeenMs: () => 4 * SECOND };
    const undated = claim(24 * HOUR, { id: 'random-undated-secret' });
    for (const block of [judge([claim(HOUR)], { ...seen, isTimeLearned: false }), judge([undated], seen)]) {
      expect(block).toMatchObject({ reason: 'claimed', waitMs: 11 * SECOND });
    }
    // Whoever looks in only for a short while is not to meet it for ever.
    const { block, voided } = permission([undated], { sinceSeenMs: () => 16 * SECOND });
    expect([block, voided]).toEqual([undefined, [undated.id]]);
  });

  test('that was rewritten as failed still counts from its question, if there was one', () => {
    const rewritten = attempt('failed', 20 * SECOND, { leaseMs: 15 * SECOND, asked: true });
    expect(judge([rewritten])).toMatchObject({ reason: 'interval', waitMs: 47.5 * SECOND });
    expect(judge([{ ...rewritten, asked: undefined }])).toBeUndefined();
  });

  test('comes before every other reason to wait', () => {
    expect(judge([claim(SECOND), attempt('failed', SECOND)])).toMatchObject({ reason: 'claimed' });
  });
});

describe('failures', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [9, 8],
  ])('%i in a row keep everybody away for %i minutes', (failures, minutes) => {
    const row = Array.from({ length: failures }, (_, i) => attempt('failed', i * HOUR));
    expect(judge([...row, attempt('issued', 24 * HOUR)])).toMatchObject({ waitMs: minutes * MINUTE });
  });

  test('refusals that were merged count each', () => {
    expect(judge([attempt('refused', 0, { kisCode: 'EGW00004', count: 3 })])).toMatchObject({ waitMs: 4 * MINUTE });
  });

  test.each(['EGW00103', 'EGW00105'])('wrong keys (%s) are asked about again after an hour', (kisCode) => {
    const refused = attempt('refused', MINUTE, { kisCode });
    expect(judge([refused])).toMatchObject({ reason: 'wrong-keys', waitMs: 59 * MINUTE });
  });

  test('a corrected secret need not wait for a wrong one', () => {
    const refused = attempt('refused', MINUTE, { kisCode: 'EGW00105' });
    expect(judge([refused, refused, refused], { hadOurSecret: () => false })).toBeUndefined();
  });

  test('whoever insists waits for the interval alone', () => {
    const insist = { isInsistent: true };
    expect(judge([attempt('refused', MINUTE, { kisCode: 'EGW00103' })], insist)).toBeUndefined();
    expect(judge([attempt('failed', MINUTE), attempt('failed', HOUR)], insist)).toBeUndefined();
    expect(judge([attempt('failed', 0)], insist)).toMatchObject({ reason: 'interval', waitMs: MINUTE });
  });

  test('never come faster than one a second, whatever the interval', () => {
    const impatient = { minIssueIntervalMs: 0 };
    expect(judge([attempt('failed', 400)], impatient)).toMatchObject({ waitMs: 600 });
    expect(judge([attempt('refused', 400, { kisCode: 'EGW00133' })], impatient)).toMatchObject({ waitMs: 600 });
    expect(judge([attempt('issued', 0)], impatient)).toBeUndefined();
  });

  test('the same token again is a dead end for a minute, whatever the interval', () => {
    expect(judge([attempt('same-token', 0)], { minIssueIntervalMs: 0 })).toMatchObject({
      reason: 'dead-end',
      waitMs: MINUTE,
    });
  });
});

describe('forced questions', () => {
  const three = [
    attempt('issued', 10 * MINUTE),
    attempt('same-token', 20 * MINUTE),
    attempt('unknown', 50 * MINUTE),
  ].map((each) => ({ ...each, forced: true }));

  test('are three an hour', () => {
    expect(judge(three, { isForced: true })).toMatchObject({ reason: 'forced-limit', waitMs: 10 * MINUTE });
    expect(judge(three.slice(1), { isForced: true })).toBeUndefined();
  });

  test('do not hinder an ordinary one', () => {
    expect(judge(three, { isForced: false })).toBeUndefined();
  });

  test('that gave no token do not count', () => {
    const refused = { ...attempt('refused', 5 * MINUTE, { kisCode: 'EGW00133' }), forced: true };
    expect(judge([refused, ...three.slice(1)], { isForced: true })).toBeUndefined();
  });
});
