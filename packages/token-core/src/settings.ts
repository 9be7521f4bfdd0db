import { systemClock } from './clock.ts';
import type { KisEnvironment } from './environment.ts';
import type { TokenEvent } from './events.ts';
import { createKisIssuer } from './issuer.ts';
import { sha256, tokenKey } from './key.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { checkAppSecret, checkDuration } from './options.ts';
import type { Clock, TokenIssuer, TokenStorage } from './ports.ts';

export interface TokenManagerOptions {
  readonly appKey: string;
  readonly appSecret: string;
  readonly environment: KisEnvironment;
  /** Default: KIS's own origin of the environment. */
  readonly baseUrl?: string | undefined;
  /** Where the token is shared. Default: the memory of this process. The manager does not close it. */
  readonly storage?: TokenStorage | undefined;
  /** Default: KIS, through `createKisIssuer`. */
  readonly issuer?: TokenIssuer | undefined;
  /** A token with less left counts as expired; never more than a quarter of its life. Default 300,000. */
  readonly expiryBufferMs?: number | undefined;
  /** A token with less left is renewed in the background while it serves; never more than half of its life. Default 1,800,000. */
  readonly refreshAheadMs?: number | undefined;
  /** Between two questions to KIS, whoever puts them. Default 60,000, which is KIS's rule. */
  readonly minIssueIntervalMs?: number | undefined;
  /** How long a claim holds others off; at least 1,000. Default: the issuer's `timeoutMs` and 5,000. */
  readonly leaseMs?: number | undefined;
  /** How long a caller without a usable token waits for one. Default 90,000. */
  readonly maxWaitMs?: number | undefined;
  /** Default: the platform's. */
  readonly clock?: Clock | undefined;
  readonly onEvent?: ((event: TokenEvent) => void) | undefined;
}

/** The options, checked, with their defaults. The app secret itself is not among them. */
export interface TokenManagerSettings {
  /** Under which the storage keeps the record. */
  readonly key: string;
  /** Names our app secret in the ids of our attempts, without telling it. */
  readonly secretId: string;
  readonly storage: TokenStorage;
  readonly issuer: TokenIssuer;
  readonly clock: Clock;
  readonly expiryBufferMs: number;
  readonly refreshAheadMs: number;
  readonly minIssueIntervalMs: number;
  readonly leaseMs: number;
  readonly maxWaitMs: number;
}

/** @throws TypeError, RangeError naming the option that is wrong, never showing a secret. */
export function checkManagerOptions(options: TokenManagerOptions): TokenManagerSettings {
  const secretId = sha256(`${options.appKey} ${checkAppSecret(options.appSecret)}`).slice(0, 8);
  const issuer = options.issuer ?? createKisIssuer(options);
  const askMs = checkDuration('issuer.timeoutMs', issuer.timeoutMs ?? Number.NaN, 0, 1);
  return {
    key: tokenKey(options),
    secretId,
    storage: options.storage ?? createMemoryStorage(),
    issuer,
    clock: options.clock ?? systemClock,
    expiryBufferMs: checkDuration('expiryBufferMs', options.expiryBufferMs, 300_000),
    refreshAheadMs: checkDuration('refreshAheadMs', options.refreshAheadMs, 1_800_000),
    minIssueIntervalMs: checkDuration('minIssueIntervalMs', options.minIssueIntervalMs, 60_000),
    // A claimant drops its claim past half of this: it must have time to put it in.
    leaseMs: checkDuration('leaseMs', options.leaseMs, askMs + 5_000, 1_000),
    maxWaitMs: checkDuration('maxWaitMs', options.maxWaitMs, 90_000),
  };
}
