import type { TokenStatus } from '@kis/token-core';
import type { Account } from '../accounts/account.ts';
import type { AccountState, TokenState } from './events.ts';

/** An account as the dashboard shows it. */
export function describeAccount(account: Account, status: TokenStatus | undefined): AccountState {
  const { name, client, limiter, sharing, breaker, usage, latencies } = account;
  return {
    name,
    environment: client.environment,
    token: status === undefined ? undefined : describeToken(account, status),
    limiter: { ...limiter.stats(), share: sharing.share },
    breaker: breaker.stats(),
    cache: usage.cache,
    latency: latencies.read(),
    second: usage.seconds.at(-1),
  };
}

function describeToken({ client }: Account, status: TokenStatus): TokenState {
  const { state, valid, expiresAt, issuedAt, bufferMs, refreshAheadMs, stored, attempts, lastError } = status;
  const nowMs = client.tokens.clock?.nowMs() ?? Date.now();
  return {
    nowMs,
    state,
    valid,
    issuedAtMs: issuedAt?.getTime(),
    expiresAtMs: expiresAt?.getTime(),
    remainingMs: expiresAt === undefined ? 0 : Math.max(0, expiresAt.getTime() - nowMs),
    bufferMs,
    refreshAheadMs,
    stored,
    attempts,
    lastError:
      lastError === undefined
        ? undefined
        : {
            code: lastError.code,
            kisCode: 'kisCode' in lastError ? lastError.kisCode : undefined,
            message: lastError.message,
          },
  };
}
