import { createHash } from 'node:crypto';

/** Where a key is stored. */
export interface Place {
  readonly key: string;
  readonly redisKey: string;
  /** Of the slot of `redisKey` by its braces. */
  readonly channel: string;
  /** The sha256 of the app key; only the hash that Python programs use, too, has it. */
  readonly appKeyHash?: string | undefined;
}

/**
 * Python programs know one hash for an app key: it is shared with the key of KIS's real host. All others have their whole key
 * after `kis:` there, which no name of twelve digits can be.
 *
 * @throws RangeError for a key that no storage has.
 */
export function placeOf(prefix: string, key: string): Place {
  if (!/^[a-z0-9-]{1,120}$/.test(key))
    throw new RangeError(`storage-redis: \`key\` must match /^[a-z0-9-]{1,120}$/, got ${key}`);
  const [, appKeyHash] = /^real-([0-9a-f]{64})$/.exec(key) ?? [];
  const redisKey = `${prefix}${appKeyHash === undefined ? `kis:${key}` : appKeyHash.slice(0, 12)}`;
  return { key, redisKey, channel: `{${redisKey}}:changed`, appKeyHash };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
