import type { Dispatcher } from 'undici';
import { systemClock } from './clock.ts';
import { createEventSink, type EventSink, type KrxEvent } from './events.ts';
import type { Clock, KrxStore } from './ports.ts';

export interface KrxSourceOptions {
  /** The key of the KRX Open API. Each service has to be applied for with it. */
  readonly apiKey: string;
  /** Default: `http://data-dbg.krx.co.kr/svc/apis`, KRX's own, which is not encrypted. */
  readonly baseUrl?: string | undefined;
  /** Instead of connections of its own: an undici dispatcher, such as that of `@kis/mock`. */
  readonly dispatcher?: Dispatcher | undefined;
  /** For one attempt. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  readonly cache?: KrxCacheOptions | undefined;
  /** The most calls from 00:00 to 24:00 in Korea; several processes with one key each need a share. Default 10,000, KRX's own limit. */
  readonly callsPerDay?: number | undefined;
  /** Default: the platform's. */
  readonly clock?: Clock | undefined;
  /** Told what happens below. What it throws is ignored. Nothing in it is secret. */
  readonly onEvent?: ((event: KrxEvent) => void) | undefined;
}

export interface KrxCacheOptions {
  /** How many days of a market are kept in memory, some 56 bytes an issue. Default 1,000. */
  readonly days?: number | undefined;
  /** Keeps past days beyond this process. Default: none. */
  readonly store?: KrxStore | undefined;
}

export interface CheckedOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher | undefined;
  readonly timeoutMs: number;
  readonly days: number;
  readonly store: KrxStore | undefined;
  readonly callsPerDay: number;
  readonly clock: Clock;
  readonly onEvent: EventSink;
}

export function checkOptions(options: KrxSourceOptions): CheckedOptions {
  const { apiKey, baseUrl = 'http://data-dbg.krx.co.kr/svc/apis', timeoutMs = 30_000, cache = {} } = options;
  checkKey(apiKey);
  if (typeof timeoutMs !== 'number' || !Number.isFinite(timeoutMs) || timeoutMs < 1) {
    throw new RangeError(`krx: \`timeoutMs\` must be a number of milliseconds >= 1, got ${String(timeoutMs)}`);
  }
  return {
    apiKey,
    baseUrl: checkBaseUrl(baseUrl),
    dispatcher: options.dispatcher,
    timeoutMs,
    days: checkInteger('cache.days', cache.days ?? 1_000),
    store: cache.store,
    callsPerDay: checkInteger('callsPerDay', options.callsPerDay ?? 10_000),
    clock: options.clock ?? systemClock,
    onEvent: createEventSink(options.onEvent),
  };
}

function checkKey(value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`krx: \`apiKey\` must be a string, got ${typeof value}`);
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new TypeError('krx: `apiKey` must not be blank or contain blanks, newlines or non-ASCII characters');
  }
}

/** Without a slash at its end. */
function checkBaseUrl(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError('krx: `baseUrl` must be an http or https URL without credentials');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function checkInteger(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`krx: \`${name}\` must be an integer >= 1, got ${String(value)}`);
  }
  return value;
}
