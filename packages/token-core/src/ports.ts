/** An access token as KIS gave it. Of two tokens the LATER is the one with the larger `expiresAtMs` (KIS's own clock); on a tie the stored one stays. */
export interface Token {
  /** The JWT without `Bearer `: over 100 characters, safe in a header. KIS: `access_token`. */
  readonly value: string;
  /** Epoch milliseconds: the JWT's `iat`, else the corrected instant of the reply. */
  readonly issuedAtMs: number;
  /** Epoch milliseconds. KIS: `access_token_token_expired`, a wall time of Korea (UTC+9). */
  readonly expiresAtMs: number;
}

/**
 * One question put to the issuer. A `'pending'` one is a claim: whoever got it into the storage, and nobody else, may ask,
 * and says `asked` in it before the question leaves.
 */
export interface IssueAttempt {
  /** How a writer finds its own attempt again: random, and marks of its manager's. Nobody else reads it. */
  readonly id: string;
  /** `host.bootId.pidNamespace.pid.processStart`, `-` for what a platform lacks: processes of the same host tell a dead claimant by it. */
  readonly by: string;
  /** Epoch milliseconds. Of a pending attempt: when it was claimed; of any other: when KIS's answer arrived. */
  readonly atMs: number;
  /** `'same-token'`: KIS gave a token that is known to be dead. `'unknown'`: asked, and no answer was seen. */
  readonly outcome: 'pending' | 'issued' | 'same-token' | 'refused' | 'failed' | 'unknown';
  /** Of a pending attempt: it is void when this long has passed on the READER's monotonic clock since it first saw the claim (on the claimant's own host, where both have heard of KIS's time: since `atMs`). 0: its claimant has withdrawn it, and never asked. */
  readonly leaseMs?: number | undefined;
  /** Of an unanswered attempt: its question was about to be put, so KIS may have given a token that nobody saw. It leaves within half of `leaseMs` after `atMs`, or not at all. */
  readonly asked?: boolean | undefined;
  /** Asked although a token was there that had not expired, because KIS refused it or the user said so. */
  readonly forced?: boolean | undefined;
  /** Refusals in a row are merged into one attempt; this is how many. */
  readonly count?: number | undefined;
  /** The `error_code` of a refusal. */
  readonly kisCode?: string | undefined;
}

/** What is stored under one key. */
export interface TokenRecord {
  readonly token?: Token | undefined;
  /** Newest first, at most 20. */
  readonly attempts: readonly IssueAttempt[];
  /** sha256 (hex) of tokens that KIS refused or that were revoked, newest first, at most 5: nobody adopts them again. */
  readonly dead: readonly string[];
}

/**
 * A small versioned document per key. Any backend with a conditional write can be one.
 *
 * A storage judges nothing: expiry, claims, merging and tombstones are the manager's. Keys match `/^[a-z0-9-]{1,120}$/`.
 * Content that is no record reads as `undefined` (and is reported, kept aside for people, and superseded by the next write);
 * an I/O error rejects with the backend's own error, which the manager wraps.
 */
export interface TokenStorage {
  read(key: string): Promise<{ readonly record: TokenRecord; readonly version: string } | undefined>;
  /**
   * Stores `record` if the stored version is still `expected` (`undefined`: nothing is stored), in ONE operation of the backend:
   * check-then-write under a lock that can go stale is not one.
   *
   * Resolves to the new version; to `undefined` when `record` is not what is stored now (another was first, or has already replaced it);
   * a rejection means unknown. Never a version to two callers for one `expected`. After a version was resolved, every later read,
   * in any process, sees this record or a later one, whole.
   */
  compareAndSet(key: string, expected: string | undefined, record: TokenRecord): Promise<string | undefined>;
  /** Publishes emptiness as a version: an `expected` from before never fits again. */
  delete(key: string): Promise<void>;
  /** Calls `onChange` soon after a change of this key, until the returned function is called. Waiters subscribe before they read, and poll slowly beside it. */
  watch?(key: string, onChange: () => void): () => void;
  /**
   * Whether what is stored may be lost while others hold it, as by a server that starts empty. A manager that holds a token
   * then goes on watching, and gives it again. Default false.
   */
  readonly isVolatile?: boolean | undefined;
  close?(): Promise<void>;
}

/** Asks KIS for tokens. */
export interface TokenIssuer {
  /** How long one `issue` may take; the manager's lease is longer than this. */
  readonly timeoutMs: number;
  /** Rejects with `TokenIssueError`. `serverDateMs`: the reply's `Date` header. */
  issue(options: { readonly signal?: AbortSignal | undefined }): Promise<{
    readonly token: Token;
    readonly serverDateMs?: number | undefined;
  }>;
  revoke?(token: Token, options: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** KIS's own time by any reply's `Date` header, in epoch milliseconds; costs no credentials. Without it the host's clock is taken for KIS's. */
  serverDateMs?(options: { readonly signal?: AbortSignal | undefined }): Promise<number>;
}

/** Where time comes from. */
export interface Clock {
  /** Epoch milliseconds of the wall clock. */
  nowMs(): number;
  /** Milliseconds from any origin; never jumps. May stand still while the machine sleeps. */
  monotonicMs(): number;
  /** Milliseconds since the machine was booted, those of its sleep among them; NaN where that cannot be told. Without it no sleep is known. */
  uptimeMs?(): number;
  /** Runs `run` once after `ms`; the returned function cancels it. With `ref: false` the timer does not keep the process alive. */
  setTimer(ms: number, run: () => void, options?: { readonly ref?: boolean | undefined }): () => void;
}
