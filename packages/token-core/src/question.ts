import { createAttemptId, hasSecret } from './attempt-id.ts';
import type { Claimants } from './claimant.ts';
import type { TokenStorageError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Knowledge } from './knowledge.ts';
import { type Block, isWorthWaiting, judgePermission, leavesWithinMs, type Permission } from './permission.ts';
import type { Clock, IssueAttempt, Token, TokenIssuer, TokenRecord } from './ports.ts';
import { putQuestion } from './put-question.ts';
import { isClaim, isUnanswered } from './record.ts';
import type { ServerClock } from './server-clock.ts';
import type { StoredRecord, Versioned } from './stored-record.ts';
import { tokenId } from './token-id.ts';
import { withRetryAfter } from './wait-errors.ts';

/** What a round is for. */
export interface Purpose {
  /** Whether a token that was found, rather than asked for, will do. */
  isMet(token: Token, record: TokenRecord): boolean;
  /** `refresh()`: the user wants a new token now. */
  readonly isInsistent: boolean;
}

/** What came of one look at the storage. `'again'`: something has changed meanwhile. */
export type Round = { readonly token: Token } | { readonly block: Block } | 'again';

export interface QuestionOptions {
  readonly stored: StoredRecord;
  readonly knowledge: Knowledge;
  readonly issuer: TokenIssuer;
  readonly claimants: Claimants;
  readonly clock: ServerClock;
  /** The host's own. */
  readonly wall: Clock;
  readonly emit: EventSink;
  readonly minIssueIntervalMs: number;
  readonly leaseMs: number;
  /** Names our app secret in the ids of our attempts, without telling it. */
  readonly secretId: string;
  isAlive(token: Token): boolean;
  /** Takes in a record once it can be judged, and gives it back with what only we know. */
  takeIn(record: TokenRecord): Promise<TokenRecord>;
  /** From then on nothing is asked any more. */
  isClosed(): boolean;
}

interface Claim {
  readonly attempt: IssueAttempt;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * The life of one question to the issuer: read what is stored; take a usable token; else claim, ask and publish.
 * No lock is held while the network is waited for: the claim is the lock, the storage's version is the fence.
 *
 * Rejects with TokenStorageError where nothing may be asked because the storage cannot be read or written, and with
 * TokenIssueError where KIS's answer leaves nothing to wait for.
 */
export function createQuestion(options: QuestionOptions): (purpose: Purpose) => Promise<Round> {
  const { stored, knowledge, claimants, clock, wall, emit, leaseMs, secretId, isAlive, takeIn } = options;
  /** Claims of ours whose write was not confirmed: the storage may hold them all the same. */
  const unconfirmed = new Map<string, Claim>();

  function judge(record: TokenRecord, isForced: boolean, isInsistent: boolean): Permission {
    return judgePermission(record, {
      nowMs: clock.nowMs(),
      isTimeLearned: clock.isLearned,
      minIssueIntervalMs: options.minIssueIntervalMs,
      sinceSeenMs: knowledge.sinceSeenMs,
      isNeighbour: claimants.isNeighbour,
      isDead: claimants.isDead,
      hadOurSecret: (attempt) => hasSecret(attempt, secretId),
      isForced,
      isInsistent,
    });
  }

  async function round(purpose: Purpose): Promise<Round> {
    const base = await stored.read();
    const record = await takeIn(base.record);
    const { token } = knowledge;
    if (token !== undefined && isAlive(token)) {
      if (base.record.token?.value !== token.value) {
        // The storage was emptied, or holds a token that is dead: whoever comes next is to find ours.
        await stored.publish({ token, attempts: record.attempts }, base);
      }
      if (purpose.isMet(token, record)) return { token };
    }
    const found = findUnconfirmed(base.record);
    if (found !== undefined) return ask(found, base, purpose);

    const isForced = purpose.isInsistent || knowledge.isTokenRefused || wasForced(record) || wasBuried(base.record);
    const { block, voided } = judge(record, isForced, purpose.isInsistent);
    if (block === undefined) return claim(base, voided, isForced, purpose);
    if (base.record.token !== undefined && knowledge.isDead(base.record.token)) {
      // Others would take the refused token from the storage and be refused, too.
      await stored.publish({}, base);
    }
    return { block };
  }

  function findUnconfirmed({ attempts }: TokenRecord): Claim | undefined {
    for (const [id, claim] of unconfirmed) {
      if (holdsClaim(attempts, id)) return claim;
      if (clock.monotonicMs() - claim.monotonicMs > leaseMs) unconfirmed.delete(id);
    }
    return undefined;
  }

  async function claim(
    base: Versioned,
    voided: readonly string[],
    isForced: boolean,
    purpose: Purpose,
  ): Promise<Round> {
    if (options.isClosed()) return 'again';
    const attempt: IssueAttempt = {
      id: createAttemptId({ secretId, isDated: clock.isLearned }),
      by: claimants.self,
      atMs: clock.nowMs(),
      outcome: 'pending',
      leaseMs,
      ...(isForced ? { forced: true } : {}),
    };
    const mine: Claim = { attempt, wallMs: wall.nowMs(), monotonicMs: clock.monotonicMs() };
    unconfirmed.set(attempt.id, mine);
    const written = await stored.write(base, { attempt, voided }).catch((error: TokenStorageError) => {
      // Who never got a token from KIS would ask at every restart.
      if (!knowledge.hasIssued || error.operation === 'read') throw error;
      return 'not written' as const;
    });
    if (written === undefined) return 'again';
    return ask(mine, written === 'not written' ? undefined : written, purpose);
  }

  async function ask(mine: Claim, base: Versioned | undefined, purpose: Purpose): Promise<Round> {
    const { id } = mine.attempt;
    unconfirmed.delete(id);
    if (!mayLeave(mine)) return withdraw(id);
    const marked = base && (await mark(id, base));
    if (marked === 'void') return 'again';
    if (!mayLeave(mine)) return withdraw(id);
    const { attempt, token, error } = await putQuestion(mine.attempt, options);
    knowledge.remember(attempt);
    if (token !== undefined) knowledge.offer(token);
    const published = await stored.publish({ attempt, token }, marked);
    const isForced = attempt.forced === true;
    if (token !== undefined)
      emit({ type: 'issued', tokenId: tokenId(token), expiresAtMs: token.expiresAtMs, isForced });
    if (error !== undefined) emit({ type: 'issue-failed', error });
    const known = published ?? { attempts: [attempt], dead: [] };
    // What KIS has just given is alive, and so is whatever is later.
    const record = error === undefined ? knowledge.adopt(known) : await takeIn(known);
    const held = knowledge.token;
    if (held !== undefined && isAlive(held) && (error === undefined || purpose.isMet(held, record)))
      return { token: held };
    if (error === undefined || isWorthWaiting(attempt)) return 'again';
    throw withRetryAfter(error, judge(record, isForced, false).block?.waitMs);
  }

  /** Says in the record that the question is about to be put, if the claim still holds. Rejects with TokenStorageError. */
  async function mark(id: string, base: Versioned): Promise<Versioned | 'void'> {
    try {
      const written = await stored.put({ asked: id }, base);
      return holdsClaim(written.record.attempts, id) ? written : 'void';
    } catch (error) {
      await withdraw(id);
      throw error;
    }
  }

  /** This process may have been stopped since it claimed: where its whole machine was, the wall clock alone shows it. */
  function mayLeave({ attempt, wallMs, monotonicMs }: Claim): boolean {
    const heldMs = Math.max(wall.nowMs() - wallMs, clock.monotonicMs() - monotonicMs);
    return heldMs <= leavesWithinMs(attempt) && !options.isClosed();
  }

  async function withdraw(id: string): Promise<'again'> {
    await stored.publish({ withdrawn: id });
    return 'again';
  }

  // One round at a time: two of one process would take each other's claims for their own.
  let last: Promise<unknown> = Promise.resolve();
  return (purpose) => {
    const result = last.then(() => round(purpose));
    last = result.catch(() => {});
    return result;
  };
}

function holdsClaim(attempts: readonly IssueAttempt[], id: string): boolean {
  return attempts.some((attempt) => attempt.id === id && isClaim(attempt));
}

/** A token leaves the record only when it is refused or revoked: an expired one stays. */
function wasBuried({ token, dead }: TokenRecord): boolean {
  return token === undefined && dead.length > 0;
}

/** Who goes on where a forced question failed, goes on with a forced one. */
function wasForced({ attempts }: TokenRecord): boolean {
  const last = attempts.find((attempt) => !isUnanswered(attempt));
  return last !== undefined && last.forced === true && last.outcome !== 'issued';
}
