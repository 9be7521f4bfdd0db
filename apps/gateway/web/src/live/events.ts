/** What `GET /events` sends. Instants are the gateway's, in epoch milliseconds. */
export interface LiveEvents {
  readonly hello: Hello;
  readonly state: State;
  readonly quotes: Quotes;
  readonly problem: Problem;
}

export interface Hello {
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly source: 'mock' | 'kis';
  readonly storage: 'file' | 'redis';
  readonly version: string;
  readonly board: readonly { readonly code: string }[];
  readonly accounts: readonly { readonly name: string; readonly environment: 'real' | 'virtual' }[];
  /** Of each account the last 120 seconds, oldest first. */
  readonly history: Readonly<Record<string, readonly Second[]>>;
  /** Newest first. */
  readonly problems: readonly Problem[];
}

/** What one account did in one second. */
export interface Second {
  readonly atMs: number;
  readonly granted: number;
  readonly refused: number;
  readonly waited: number;
  readonly cached: number;
}

/** Once a second. */
export interface State {
  readonly nowMs: number;
  readonly ready: boolean;
  /** What `/readyz` misses. */
  readonly missing: readonly string[];
  readonly streams: number;
  readonly loopLagMs: number;
  readonly accounts: readonly Account[];
}

export interface Account {
  readonly name: string;
  readonly environment: 'real' | 'virtual';
  /** Absent until the storage has been looked at. */
  readonly token?: Token;
  readonly limiter: Limiter;
  readonly breaker: Breaker;
  readonly cache: { readonly hits: number; readonly misses: number };
  /** Of KIS's answers in the last minute; absent when there was none. */
  readonly latency?: { readonly p50Ms: number; readonly p99Ms: number };
  /** The last one that is over. */
  readonly second?: Second;
}

export interface Token {
  /** By KIS's clock, as are the other instants here: in the demo it may stand at another hour of the day. */
  readonly nowMs: number;
  readonly state: 'VALID' | 'EXPIRING_SOON' | 'EXPIRED' | 'NO_TOKEN';
  readonly valid: boolean;
  readonly issuedAtMs?: number;
  readonly expiresAtMs?: number;
  readonly remainingMs: number;
  readonly bufferMs: number;
  readonly refreshAheadMs: number;
  readonly stored: boolean;
  /** Newest first. */
  readonly attempts: readonly Attempt[];
  readonly lastError?: { readonly code: string; readonly kisCode?: string; readonly message: string };
}

export interface Attempt {
  readonly id: string;
  readonly by: string;
  readonly atMs: number;
  readonly outcome: 'pending' | 'issued' | 'same-token' | 'refused' | 'failed' | 'unknown';
  readonly forced?: boolean;
  readonly count?: number;
  readonly kisCode?: string;
}

interface Limiter {
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
}

interface Breaker {
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
  readonly stockName?: string;
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

/** Of `GET /v1/charts/:code`, newest first. */
export interface Candle {
  readonly date: string;
  readonly startMs: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
}

/** The same within a minute is one problem with the same `id` and a higher `count`. */
export interface Problem {
  readonly id: string;
  readonly atMs: number;
  readonly account?: string;
  /** A route of the gateway or a TR id. */
  readonly where: string;
  readonly code: string;
  readonly kisCode?: string;
  readonly status?: number;
  readonly message: string;
  readonly count?: number;
}
