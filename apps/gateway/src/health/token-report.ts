import type { TokenStatus } from '@kis/token-core';

/** The names that monitors of existing clients read, in seconds and ISO 8601. */
export interface TokenReport {
  readonly account: string;
  readonly status: TokenStatus['state'];
  readonly valid: boolean;
  readonly expires_at: string | null;
  readonly issued_at: string | null;
  readonly remaining_seconds: number;
  readonly remaining_hours: number;
  readonly buffer_seconds: number;
  readonly proactive_refresh_seconds: number;
  readonly cache_exists: boolean;
  readonly attempts: readonly object[];
  readonly last_error: string | null;
}

export function reportToken(account: string, status: TokenStatus): TokenReport {
  const remainingSeconds = Math.floor(status.remainingMs / 1_000);
  return {
    account,
    status: status.state,
    valid: status.valid,
    expires_at: status.expiresAt?.toISOString() ?? null,
    issued_at: status.issuedAt?.toISOString() ?? null,
    remaining_seconds: remainingSeconds,
    remaining_hours: Math.round(remainingSeconds / 36) / 100,
    buffer_seconds: status.bufferMs / 1_000,
    proactive_refresh_seconds: status.refreshAheadMs / 1_000,
    cache_exists: status.stored,
    attempts: status.attempts.map(({ atMs, outcome, by, kisCode, count, forced }) => ({
      at: new Date(atMs).toISOString(),
      ...{ outcome, by, kis_code: kisCode, count, forced },
    })),
    last_error: status.lastError?.message ?? null,
  };
}
