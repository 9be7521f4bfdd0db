import type { RedisConnectionOptions } from '@kis/redis-connection';
import type { EventSink } from './events.ts';

export interface RedisStorageOptions extends Omit<RedisConnectionOptions, 'onEvent'> {
  /** Before the names of the hashes. Default: `korea_investment:token:`, as the Python programs have it. */
  readonly keyPrefix?: string | undefined;
  /** Writes what korea-investment-stock (Python) wants to find beside its token: the app key and, as plain text, the app secret. */
  readonly python?: { readonly appKey: string; readonly appSecret: string } | undefined;
  readonly onEvent?: EventSink | undefined;
}

const PYTHON_PREFIX = 'korea_investment:token:';

/** @throws TypeError naming the option that is wrong. What is of the connection is checked by it. */
export function checkOptions({ keyPrefix = PYTHON_PREFIX, python, onEvent }: RedisStorageOptions): {
  readonly keyPrefix: string;
} {
  // Braces would decide by themselves which slot of a cluster a hash lies in.
  if (typeof keyPrefix !== 'string' || /[{}]/.test(keyPrefix)) {
    throw new TypeError(`storage-redis: \`keyPrefix\` must be a string without braces, got ${String(keyPrefix)}`);
  }
  for (const name of ['appKey', 'appSecret'] as const) {
    if (python !== undefined && (typeof python?.[name] !== 'string' || python[name] === '')) {
      throw new TypeError(`storage-redis: \`python.${name}\` must be a string that is not empty`);
    }
  }
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`storage-redis: \`onEvent\` must be a function, got ${typeof onEvent}`);
  }
  return { keyPrefix };
}
