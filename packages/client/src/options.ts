import { inspect } from 'node:util';
import type { CircuitBreaker } from '@kis/breaker';
import type { RateLimiter } from '@kis/ratelimit';
import {
  type Clock,
  type KisEnvironment,
  kisBaseUrls,
  systemClock,
  type TokenManager,
  type TokenStorage,
  tokenKey,
} from '@kis/token-core';
import type { Dispatcher } from 'undici';
import { type CacheOptions, type CheckedCache, checkCache } from './cache/cache-options.ts';
import { checkSettings } from './check.ts';
import { createEventSink, type EventSink, type KisClientEvent } from './events.ts';
import { type BreakerSettings, checkBreaker, checkRateLimiter, type RateLimitSettings } from './policy-settings.ts';
import type { RetryOptions } from './retry.ts';
import type { Middleware } from './transport.ts';

export interface KisClientOptions {
  readonly appKey: string;
  readonly appSecret: string;
  /** KIS's real accounts (실전투자) or paper trading (모의투자). Each has keys of its own. */
  readonly environment: KisEnvironment;
  /** Default: KIS's own origin of the environment. */
  readonly baseUrl?: string | undefined;
  /** Where the token is kept, and shared with other processes. Default: this client's memory. */
  readonly storage?: TokenStorage | undefined;
  /** Instead of `storage`: a token manager of one's own. */
  readonly tokens?: TokenManager | undefined;
  /**
   * What differs from 18 calls a second, on the virtual host 1; or a limiter of one's own, with `isRateRefusal` as its
   * `isRefusal`. Several processes with one app key share one by `create`.
   */
  readonly rateLimiter?: RateLimiter | RateLimitSettings | undefined;
  /**
   * What differs from 5 failures in a row, which open for 60,000 ms; or a breaker of one's own, to which refusals of a
   * rate or a token, and aborts, are an `AbortError`.
   */
  readonly breaker?: CircuitBreaker | BreakerSettings | undefined;
  /** How calls are sent again. `false`: never, but for once after a refused token. */
  readonly retry?: RetryOptions | false | undefined;
  /** For one attempt, from the moment in which it may leave. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How many connections to KIS are kept at most. Default 10. */
  readonly connections?: number | undefined;
  /** Whether and how prices, order books, charts and stock infos are kept. `true`: in memory. Default false. */
  readonly cache?: boolean | CacheOptions | undefined;
  /** Instead of connections of its own: an undici dispatcher, such as that of `@kis/mock`. */
  readonly dispatcher?: Dispatcher | undefined;
  /** Layers above all others, outermost first. */
  readonly use?: readonly Middleware[] | undefined;
  /** Default: the platform's. That of `tokens`, which KIS corrects, counts more. */
  readonly clock?: Clock | undefined;
  /** Told what happens below. What it throws is ignored. Nothing in it is secret. */
  readonly onEvent?: ((event: KisClientEvent) => void) | undefined;
}

export interface CheckedOptions extends KisClientOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly cache: CheckedCache;
  readonly retry: { readonly retries: number; readonly backoffMs: number; readonly mostRefusals: number };
  readonly use: readonly Middleware[];
  readonly clock: Clock;
  readonly onEvent: EventSink;
}

export function checkOptions(options: KisClientOptions): CheckedOptions {
  checkCredential('appKey', options.appKey);
  checkCredential('appSecret', options.appSecret);
  const { environment, retry, onEvent } = options;
  if (environment !== 'real' && environment !== 'virtual') {
    throw new TypeError(`client: \`environment\` must be 'real' or 'virtual', got ${String(environment)}`);
  }
  if (options.tokens !== undefined && options.storage !== undefined) {
    throw new TypeError('client: give `tokens` or `storage`, not both');
  }
  checkRateLimiter(options.rateLimiter);
  checkBreaker(options.breaker);
  if (retry !== false) checkSettings('retry', retry, ['retries', 'backoffMs'], 'settings or false');
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`client: \`onEvent\` must be a function, got ${inspect(onEvent, { depth: 0 })}`);
  }
  const { retries = 3, backoffMs = 200 } = retry === false ? { retries: 0 } : (retry ?? {});
  const baseUrl = checkBaseUrl(options.baseUrl ?? kisBaseUrls[environment]);
  return {
    ...options,
    baseUrl,
    timeoutMs: checkNumber('timeoutMs', options.timeoutMs ?? 30_000, 1),
    connections: checkInteger('connections', options.connections ?? 10, 1),
    cache: checkCache(options.cache),
    retry: {
      retries: checkInteger('retry.retries', retries, 0),
      backoffMs: checkNumber('retry.backoffMs', backoffMs, 0),
      mostRefusals: retry === false ? 1 : 10,
    },
    use: checkLayers(options.use),
    clock: options.clock ?? systemClock,
    onEvent: createEventSink(onEvent, tokenKey({ ...options, baseUrl })),
  };
}

/** What is wrong with a key or secret, without its value; undefined if nothing is. */
export function findCredentialFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, got ${typeof value}`;
  if (value.trim() === '') return 'must not be blank';
  // A newline at its end is the usual way to get a key wrong, and KIS only calls it invalid.
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'must not contain blanks, newlines or non-ASCII characters';
}

/** Whether it is an http or https URL without a user in it. */
export function isBaseUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function checkCredential(name: string, value: unknown): void {
  const fault = findCredentialFault(value);
  if (fault !== undefined) throw new TypeError(`client: \`${name}\` ${fault}`);
}

function checkBaseUrl(value: unknown): string {
  if (!isBaseUrl(value)) throw new TypeError('client: `baseUrl` must be an http or https URL without credentials');
  return value;
}

function checkNumber(name: string, value: number, least: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
    throw new RangeError(`client: \`${name}\` must be a number of milliseconds >= ${least}, got ${String(value)}`);
  }
  return value;
}

function checkInteger(name: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`client: \`${name}\` must be an integer >= ${least}, got ${String(value)}`);
  }
  return value;
}

function checkLayers(use: readonly Middleware[] = []): readonly Middleware[] {
  if (Array.isArray(use) && use.every((layer) => typeof layer === 'function')) return use;
  throw new TypeError(`client: \`use\` must be an array of functions, got ${inspect(use, { depth: 0 })}`);
}
