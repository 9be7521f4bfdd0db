import type { RedisClient } from './client.ts';
import type { EventSink } from './events.ts';

export interface RedisConnectionOptions {
  /** `redis://` or, for TLS, `rediss://`, with user, password and number of the database where there are such. Default: `redis://localhost:6379/0`. */
  readonly url?: string | undefined;
  /** Instead of `url`: a `Redis` or `Cluster` of ioredis of yours, which is left as it is and is never closed. */
  readonly client?: RedisClient | undefined;
  /** Counts where the `url` has none. */
  readonly password?: string | undefined;
  /** The longest that a command takes, with its connection and its repeat. Default: 3,000. */
  readonly commandTimeoutMs?: number | undefined;
  readonly onEvent?: EventSink | undefined;
}

export interface Settings {
  readonly url: string;
  readonly password: string | undefined;
  readonly commandTimeoutMs: number;
  /** What no error may show. */
  readonly secrets: readonly string[];
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export function readOptions(options: RedisConnectionOptions): Settings {
  const { url = 'redis://localhost:6379/0', client, password, commandTimeoutMs = 3_000, onEvent } = options;
  // Not shown: its password may be in it.
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol)) {
    throw new TypeError('redis: `url` must be a redis:// or rediss:// URL');
  }
  if (client !== undefined && typeof client?.call !== 'function') {
    throw new TypeError('redis: `client` must be a Redis or Cluster of ioredis');
  }
  if (client !== undefined && (options.url !== undefined || password !== undefined)) {
    throw new TypeError('redis: `client` has its own address: it cannot be given together with `url` or `password`');
  }
  if (password !== undefined && typeof password !== 'string') throw new TypeError('redis: `password` must be a string');
  if (!(commandTimeoutMs >= 1 && commandTimeoutMs <= MAX_TIMEOUT_MS)) {
    throw new RangeError(`redis: \`commandTimeoutMs\` must be from 1 to ${MAX_TIMEOUT_MS}, got ${commandTimeoutMs}`);
  }
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`redis: \`onEvent\` must be a function, got ${typeof onEvent}`);
  }
  const secrets = [password ?? '', parsed.password, decode(parsed.password)];
  return { url, password: parsed.password === '' ? password : undefined, commandTimeoutMs, secrets };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
