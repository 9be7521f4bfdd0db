import type { TokenIssueError, TokenStorageError } from './errors.ts';
import type { IssueAttempt, Token } from './ports.ts';
import { isWithdrawn } from './record.ts';
import { isTokenValid, renewalMs } from './validity.ts';

/** How an app key stands; safe to show and to log. */
export interface TokenStatus {
  /** `'EXPIRING_SOON'`: due for renewal. `'EXPIRED'`: within its expiry buffer or past its end. */
  readonly state: 'VALID' | 'EXPIRING_SOON' | 'EXPIRED' | 'NO_TOKEN';
  /** Whether `getToken` serves it without asking. */
  readonly valid: boolean;
  readonly expiresAt: Date | undefined;
  readonly issuedAt: Date | undefined;
  /** To the token's true end; 0 without a token. */
  readonly remainingMs: number;
  readonly bufferMs: number;
  readonly refreshAheadMs: number;
  /** Whether the storage holds this token, so that other processes and later runs find it. */
  readonly stored: boolean;
  /** Newest first: who asked KIS, when, and what came of it. */
  readonly attempts: readonly IssueAttempt[];
  /** The last failure of this process. */
  readonly lastError: TokenIssueError | TokenStorageError | undefined;
}

export function describeStatus(facts: {
  readonly token: Token | undefined;
  readonly storedToken: Token | undefined;
  readonly attempts: readonly IssueAttempt[];
  readonly lastError: TokenIssueError | TokenStorageError | undefined;
  readonly nowMs: number;
  readonly expiryBufferMs: number;
  readonly refreshAheadMs: number;
}): TokenStatus {
  const { token, nowMs, expiryBufferMs, refreshAheadMs } = facts;
  const valid = token !== undefined && isTokenValid(token, { nowMs, expiryBufferMs });
  const isDue = token !== undefined && nowMs >= renewalMs(token, refreshAheadMs);
  return {
    state: token === undefined ? 'NO_TOKEN' : !valid ? 'EXPIRED' : isDue ? 'EXPIRING_SOON' : 'VALID',
    valid,
    expiresAt: token && new Date(token.expiresAtMs),
    issuedAt: token && new Date(token.issuedAtMs),
    remainingMs: token === undefined ? 0 : Math.max(0, token.expiresAtMs - nowMs),
    bufferMs: expiryBufferMs,
    refreshAheadMs,
    stored: token !== undefined && facts.storedToken?.value === token.value,
    attempts: facts.attempts.filter((attempt) => !isWithdrawn(attempt)),
    lastError: facts.lastError,
  };
}
