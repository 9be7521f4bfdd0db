import { sha256 } from './key.ts';
import type { Clock, IssueAttempt, Token, TokenRecord } from './ports.ts';
import { findLost, isUnanswered } from './record.ts';
import { laterToken } from './validity.ts';

/** What one process knows by itself, whatever becomes of the storage. */
export interface Knowledge {
  readonly token: Token | undefined;
  /** sha256 of the tokens known to be refused or revoked, newest first. */
  readonly dead: readonly string[];
  /** Whether KIS has ever given this process a token. */
  readonly hasIssued: boolean;
  /** Whether the next question is put because a living token was refused. */
  readonly isTokenRefused: boolean;
  isDead(token: Token): boolean;
  /** Takes a token if it is later than ours and not dead; on a tie the stored one. Whether it did. */
  offer(token: Token): boolean;
  /** Remembers that KIS refuses the token. */
  refuse(token: Token): void;
  /** A question of ours and what became of it. */
  remember(attempt: IssueAttempt): void;
  /** Takes in a record that was read, and gives it back with what was seen before, and is newer than all of it. */
  see(record: TokenRecord): TokenRecord;
  /** As `see`, and takes its token, too, if that is of use. */
  adopt(record: TokenRecord): TokenRecord;
  /** Monotonic milliseconds since this process first saw the attempt. */
  sinceSeenMs(attempt: IssueAttempt): number;
}

/** An attempt as it was seen last, and when it was seen first. */
interface Sighting {
  readonly attempt: IssueAttempt;
  readonly firstMs: number;
}

const MAX_REMEMBERED = 20;

export function createKnowledge(options: {
  readonly clock: Clock;
  /** Told of every token that takes the place of another; of undefined when the one in use turns out to be dead. */
  onToken(token: Token | undefined, before: Token | undefined): void;
  /** Told of a token that somebody else, or an earlier run, got from KIS. */
  onAdopted(token: Token): void;
  isAlive(token: Token): boolean;
}): Knowledge {
  const { clock, onToken, onAdopted, isAlive } = options;
  let token: Token | undefined;
  let dead: readonly string[] = [];
  let own: readonly IssueAttempt[] = [];
  let hasIssued = false;
  let isTokenRefused = false;
  let sightings = new Map<string, Sighting>();

  function hold(next: Token | undefined): void {
    const before = token;
    token = next;
    onToken(next, before);
  }

  function bury(hashes: readonly string[]): void {
    dead = [...new Set([...hashes, ...dead])].slice(0, MAX_REMEMBERED);
    if (token !== undefined && isDead(token)) hold(undefined);
  }

  function isDead(candidate: Token): boolean {
    return dead.includes(sha256(candidate.value));
  }

  function offer(candidate: Token): boolean {
    if (isDead(candidate) || laterToken(candidate, token) === token) return false;
    const isNew = candidate.value !== token?.value;
    isTokenRefused = false;
    hold(candidate);
    return isNew;
  }

  function see(record: TokenRecord): TokenRecord {
    bury([...dead, ...record.dead]);
    const nowMs = clock.monotonicMs();
    const before = new Map([...sightings].map(([id, { attempt }]) => [id, attempt]));
    for (const attempt of own) before.set(attempt.id, attempt);
    // It could not be published, or the storage has lost it: that it was asked is not undone by that.
    const lost = findLost(record.attempts, [...before.values()]);
    const known = record.attempts.map((each) => furtherOn(each, before.get(each.id)));
    sightings = new Map(
      [...known, ...own, ...lost].map((attempt): [string, Sighting] => {
        const sighting = sightings.get(attempt.id);
        // Its answer is another thing to see than its claim.
        const isNew = sighting === undefined || isUnanswered(sighting.attempt) !== isUnanswered(attempt);
        return [attempt.id, { attempt, firstMs: isNew ? nowMs : sighting.firstMs }];
      }),
    );
    return { ...record, attempts: [...lost, ...known].slice(0, MAX_REMEMBERED) };
  }

  return {
    get token() {
      return token;
    },
    get dead() {
      return dead;
    },
    get hasIssued() {
      return hasIssued;
    },
    get isTokenRefused() {
      return isTokenRefused;
    },
    isDead,
    offer,
    refuse(refused) {
      if (token === undefined || token.value === refused.value) isTokenRefused = true;
      bury([sha256(refused.value)]);
    },
    remember(attempt) {
      own = [attempt, ...own.filter(({ id }) => id !== attempt.id)].slice(0, MAX_REMEMBERED);
      hasIssued ||= attempt.outcome === 'issued';
    },
    see,
    adopt(record) {
      const known = see(record);
      if (record.token !== undefined && isAlive(record.token) && offer(record.token)) onAdopted(record.token);
      return known;
    },
    sinceSeenMs: ({ id }) => clock.monotonicMs() - (sightings.get(id)?.firstMs ?? clock.monotonicMs()),
  };
}

/** What is stored of an attempt, or, where the storage has fallen back behind what was seen of it before, that. */
function furtherOn(stored: IssueAttempt, seen: IssueAttempt | undefined): IssueAttempt {
  // Of an answered one the record knows more: how many refusals were merged into it.
  if (seen === undefined || !isUnanswered(stored)) return stored;
  return isUnanswered(seen) ? { ...stored, asked: stored.asked ?? seen.asked } : seen;
}
