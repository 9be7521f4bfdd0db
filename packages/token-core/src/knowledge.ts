import { sha256 } from './key.ts';
import type { Clock, IssueAttempt, Token, TokenRecord } from './ports.ts';
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
  /** Remembers that KIS refuses the token. Whether it was the one in use. */
  refuse(token: Token): boolean;
  /** A question of ours and what became of it. */
  remember(attempt: IssueAttempt): void;
  /** Takes in a record that was read, and gives it back with what only we know. */
  see(record: TokenRecord): TokenRecord;
  /** Monotonic milliseconds since this process first saw the attempt. */
  sinceSeenMs(attempt: IssueAttempt): number;
}

const MAX_REMEMBERED = 20;

export function createKnowledge(clock: Clock): Knowledge {
  let token: Token | undefined;
  let dead: readonly string[] = [];
  let own: readonly IssueAttempt[] = [];
  let hasIssued = false;
  let isTokenRefused = false;
  let sightings = new Map<string, number>();

  const bury = (hashes: readonly string[]): void => {
    dead = [...new Set([...hashes, ...dead])].slice(0, MAX_REMEMBERED);
    if (token !== undefined && dead.includes(sha256(token.value))) token = undefined;
  };

  const isDead = (candidate: Token): boolean => dead.includes(sha256(candidate.value));

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
    offer(candidate) {
      if (isDead(candidate) || laterToken(candidate, token) === token) return false;
      const isNew = candidate.value !== token?.value;
      token = candidate;
      isTokenRefused = false;
      return isNew;
    },
    refuse(refused) {
      const wasInUse = token?.value === refused.value;
      if (wasInUse || token === undefined) isTokenRefused = true;
      bury([sha256(refused.value)]);
      return wasInUse;
    },
    remember(attempt) {
      own = [attempt, ...own.filter(({ id }) => id !== attempt.id)].slice(0, MAX_REMEMBERED);
      hasIssued ||= attempt.outcome === 'issued';
    },
    see(record) {
      bury(record.dead);
      const nowMs = clock.monotonicMs();
      sightings = new Map([...record.attempts, ...own].map(({ id }) => [id, sightings.get(id) ?? nowMs]));
      const ours = new Map(own.map((attempt) => [attempt.id, attempt]));
      const known = record.attempts.map((attempt) => ours.get(attempt.id) ?? attempt);
      // Newer than all that is stored: it could not be published, or the storage has lost it.
      const newestMs = Math.max(...record.attempts.map(({ atMs }) => atMs));
      const missing = own.filter(({ id, atMs }) => atMs > newestMs && !record.attempts.some((each) => each.id === id));
      return { ...record, attempts: [...missing, ...known] };
    },
    sinceSeenMs: ({ id }) => clock.monotonicMs() - (sightings.get(id) ?? clock.monotonicMs()),
  };
}
