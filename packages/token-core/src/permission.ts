import { isUndated } from './attempt-id.ts';
import type { IssueAttempt, TokenRecord } from './ports.ts';
import { isClaim, isUnanswered, isWithdrawn } from './record.ts';

/** Whatever the interval: failing at full speed helps nobody. */
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const FORCED_PER_HOUR = 3;
const MAX_BACKOFF = 8;
/** Another refusal says the same as long as the keys are the same. A lock after abuse is also answered with EGW00103. */
const WRONG_KEYS: ReadonlySet<string | undefined> = new Set(['EGW00103', 'EGW00105']);
const TOO_SOON = 'EGW00133';

/** Why nobody may ask KIS now, and for how long. */
export interface Block {
  /** `'claimed'`, `'interval'`: a token may turn up any moment, so it is worth waiting. The others: it is not. */
  readonly reason: 'claimed' | 'interval' | 'backoff' | 'wrong-keys' | 'dead-end' | 'forced-limit';
  readonly waitMs: number;
  /** The attempt that blocks. */
  readonly attempt?: IssueAttempt | undefined;
}

export interface Permission {
  /** The longest of all waits; absent: one may ask. */
  readonly block?: Block | undefined;
  /** Claims that count no longer, by id. */
  readonly voided: readonly string[];
}

/** What the judge knows besides the record. */
export interface Situation {
  readonly nowMs: number;
  /** Whether KIS has told it, or the host's clock is all there is. */
  readonly isTimeLearned: boolean;
  readonly minIssueIntervalMs: number;
  /** Monotonic milliseconds since this process first saw the attempt. */
  sinceSeenMs(attempt: IssueAttempt): number;
  isNeighbour(by: string): boolean;
  isDead(by: string): boolean;
  /** Whether the attempt was made with our own app secret: a corrected secret is not to wait for a wrong one. */
  hadOurSecret(attempt: IssueAttempt): boolean;
  /** The question would be put although a token was there that had not expired. */
  readonly isForced: boolean;
  /** The user wants it now: back-off and wrong keys do not count, the interval does. */
  readonly isInsistent: boolean;
}

/** Who may ask: nobody within the interval after anybody's last answer, or a question that may have been put, and nobody beside a live claim. */
export function judgePermission(record: TokenRecord, situation: Situation): Permission {
  const { minIssueIntervalMs: interval, isForced, isInsistent } = situation;
  const blocks: Block[] = [];
  const voided: string[] = [];
  const block = (reason: Block['reason'], waitMs: number, attempt: IssueAttempt) => {
    if (waitMs > 0) blocks.push({ reason, waitMs, attempt });
  };

  for (const attempt of record.attempts.filter(isUnanswered)) {
    const leftMs = isClaim(attempt) ? (attempt.leaseMs ?? 0) - claimAge(attempt, situation) : 0;
    if (leftMs > 0 && !situation.isDead(attempt.by)) {
      block('claimed', leftMs, attempt);
      continue;
    }
    if (isClaim(attempt)) voided.push(attempt.id);
    // Its claimant alone knew of an answer, and may be gone.
    if (attempt.asked === true && !isWithdrawn(attempt)) {
      block('interval', interval + leavesWithinMs(attempt) - ageOf(attempt, situation), attempt);
    }
  }

  const answered = record.attempts.filter((attempt) => !isUnanswered(attempt));
  const last = latest(answered, situation);
  if (last !== undefined) {
    const age = ageOf(last, situation);
    block('interval', (last.kisCode === TOO_SOON ? Math.max(interval, SECOND_MS) : interval) - age, last);
    if (last.outcome === 'same-token') block('dead-end', Math.max(interval, MINUTE_MS) - age, last);
    const hadWrongKeys = WRONG_KEYS.has(last.kisCode);
    // Keys that were corrected since say nothing of KIS.
    if (!isInsistent && (!hadWrongKeys || situation.hadOurSecret(last))) {
      const backoffMs = Math.max(interval, SECOND_MS) * backoffFactor(answered);
      block(isWorthWaiting(last) ? 'interval' : 'backoff', backoffMs - age, last);
      if (hadWrongKeys) block('wrong-keys', HOUR_MS - age, last);
    }
  }
  if (isForced) {
    const third = answered.filter((attempt) => attempt.forced === true && mayHaveIssued(attempt))[FORCED_PER_HOUR - 1];
    if (third !== undefined) block('forced-limit', HOUR_MS - ageOf(third, situation), third);
  }
  // A live claim may change everything else; of two equal waits the later-listed one says more.
  const claim = blocks.find(({ reason }) => reason === 'claimed');
  const longest = blocks.reduce<Block | undefined>(
    (a, b) => (a !== undefined && a.waitMs > b.waitMs ? a : b),
    undefined,
  );
  return { block: claim ?? longest, voided };
}

function mayHaveIssued({ outcome }: IssueAttempt): boolean {
  return outcome === 'issued' || outcome === 'same-token' || outcome === 'unknown';
}

/** After a refusal for being too soon, and after a lost answer, a token is likely to be there in a minute; after a failure it is not. */
export function isWorthWaiting(attempt: IssueAttempt): boolean {
  return attempt.kisCode === TOO_SOON || attempt.outcome === 'unknown' || attempt.outcome === 'issued';
}

/** 1, 2, 4, 8 intervals after that many failures in a row; 0 where the last question was no failure. */
function backoffFactor(answered: readonly IssueAttempt[]): number {
  let failures = 0;
  for (const { outcome, kisCode, count = 1 } of answered) {
    if (outcome === 'issued' || outcome === 'same-token' || kisCode === TOO_SOON) break;
    failures += count;
  }
  return failures === 0 ? 0 : Math.min(MAX_BACKOFF, 2 ** (failures - 1));
}

function latest(attempts: readonly IssueAttempt[], situation: Situation): IssueAttempt | undefined {
  return attempts.reduce<IssueAttempt | undefined>(
    (a, b) => (a !== undefined && ageOf(a, situation) <= ageOf(b, situation) ? a : b),
    undefined,
  );
}

/** The question of a claim leaves so long after it at the latest: whoever puts it looks at the clocks right before. */
export function leavesWithinMs({ leaseMs = 0 }: IssueAttempt): number {
  return leaseMs / 2;
}

// One that lies in the future was written by a clock ahead of ours: it counts from when we first saw it.
function ageOf(attempt: IssueAttempt, situation: Situation): number {
  const age = situation.nowMs - attempt.atMs;
  return age >= 0 ? age : situation.sinceSeenMs(attempt);
}

// Processes of one host may still differ by a day: one began before its clock was set, or has not heard of KIS's time.
function claimAge(attempt: IssueAttempt, situation: Situation): number {
  const isOfOurTime = situation.isNeighbour(attempt.by) && situation.isTimeLearned && !isUndated(attempt);
  return isOfOurTime ? ageOf(attempt, situation) : situation.sinceSeenMs(attempt);
}
