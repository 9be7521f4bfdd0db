/** What `GET /events` sends, for the gateway and for its page. Instants are the gateway's, in epoch milliseconds. */
export interface LiveEvents {
  readonly hello: Hello;
  readonly state: State;
  readonly quotes: Quotes;
  readonly problem: ProblemNote;
}

export interface Hello {
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly source: Source;
  readonly storage: 'file' | 'redis' | 'memory';
  readonly version: string;
  readonly board: readonly { readonly code: string }[];
  readonly accounts: readonly { readonly name: string; readonly environment: 'real' | 'virtual' }[];
  /** Of each account the last 120 seconds, oldest first. */
  readonly history: Readonly<Record<string, readonly Second[]>>;
  /** Newest first. */
  readonly problems: readonly ProblemNote[];
}

/** Who is asked: KIS, or, without keys, one that the gateway plays itself. */
export type Source = 'kis' | 'mock';

/** What was used of an account's budget in one second. */
export interface Second {
  /** When it began. */
  readonly atMs: number;
  /** Calls that left. */
  readonly granted: number;
  /** Of these the ones that KIS refused for the rate. */
  readonly refused: number;
  /** Of these the ones that had to wait for their turn. */
  readonly waited: number;
  /** Questions that the cache answered. */
  readonly cached: number;
}

/** Once a second. */
export interface State {
  readonly nowMs: number;
  readonly ready: boolean;
  /** As `/readyz` has it. */
  readonly missing: readonly Missing[];
  readonly streams: number;
  readonly loopLagMs: number;
  readonly accounts: readonly AccountState[];
}

export type Missing = 'storage' | 'token' | 'breaker';

export interface AccountState {
  readonly name: string;
  readonly environment: 'real' | 'virtual';
  /** Absent until the storage has been looked at. */
  readonly token?: TokenState | undefined;
  readonly limiter: LimiterState;
  readonly breaker: BreakerState;
  readonly cache: { readonly hits: number; readonly misses: number };
  /** Of KIS's answers in the last minute; absent when there was none. */
  readonly latency?: { readonly p50Ms: number; readonly p99Ms: number } | undefined;
  /** The last one that is over. */
  readonly second?: Second | undefined;
}

export interface TokenState {
  /** By KIS's clock, as are the other instants here: in the demo it may stand at another hour of the day. */
  readonly nowMs: number;
  readonly state: 'VALID' | 'EXPIRING_SOON' | 'EXPIRED' | 'NO_TOKEN';
  readonly valid: boolean;
  readonly issuedAtMs?: number | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly remainingMs: number;
  readonly bufferMs: number;
  readonly refreshAheadMs: number;
  readonly stored: boolean;
  /** Newest first. */
  readonly attempts: readonly Attempt[];
  readonly lastError?:
    | { readonly code: string; readonly kisCode?: string | undefined; readonly message: string }
    | undefined;
}

export interface Attempt {
  readonly id: string;
  readonly by: string;
  readonly atMs: number;
  readonly outcome: 'pending' | 'issued' | 'same-token' | 'refused' | 'failed' | 'unknown';
  readonly forced?: boolean | undefined;
  readonly count?: number | undefined;
  readonly kisCode?: string | undefined;
}

interface LimiterState {
  readonly limit: number;
  readonly effectiveLimit: number;
  readonly windowMs: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly granted: number;
  readonly refused: number;
  readonly pauseMs: number;
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  /** By what the account goes as long as the budget that it shares cannot be reached. */
  readonly share?: Share | undefined;
}

/** What is one process's of a budget that others draw from, too. */
export interface Share {
  readonly limit: number;
  readonly windowMs: number;
  /** How many processes had the budget between them. */
  readonly peers: number;
}

interface BreakerState {
  readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  readonly failures: number;
  readonly failureThreshold: number;
  readonly retryAfterMs: number;
}

interface Quotes {
  readonly account: string;
  readonly atMs: number;
  readonly quotes: readonly Quote[];
}

export interface Quote {
  readonly stockCode: string;
  readonly stockName?: string | undefined;
  readonly currentPrice: number;
  readonly changePrice: number;
  readonly changeRate: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly volume: number;
  readonly tradingValue: number;
  readonly timestampMs: number;
}

/** What has gone wrong of late, for people to read. */
export interface ProblemNote {
  readonly id: string;
  /** Of the last time that it came. */
  readonly atMs: number;
  readonly account?: string | undefined;
  /** A route, or KIS's `tr_id`. */
  readonly where: string;
  /** Such as `ERR_KIS_API`. */
  readonly code: string;
  readonly kisCode?: string | undefined;
  readonly status?: number | undefined;
  readonly message: string;
  /** How often it came within a minute. */
  readonly count: number;
}
