/** Which check failed: see {@link LegacyTokenError}. */
export type LegacyTokenReason =
  | 'not-found'
  | 'unreadable'
  | 'unknown-format'
  | 'no-token'
  | 'wrong-app-key'
  | 'wrong-app-secret'
  | 'expired';

/** The token file of another program gives no token, and why. Never holds a key, a secret or a token. */
export class LegacyTokenError extends Error {
  override readonly name = 'LegacyTokenError';
  readonly code = 'ERR_LEGACY_TOKEN';
  readonly reason: LegacyTokenReason;
  readonly path: string;

  constructor(path: string, reason: LegacyTokenReason, detail: string, cause?: unknown) {
    super(`storage-file: ${path} ${detail}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.path = path;
  }
}
