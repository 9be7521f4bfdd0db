import { channel } from 'node:diagnostics_channel';
import type { RedisConnectionEvent } from '@kis/redis-connection';

/** What a Redis storage tells its `onEvent`. Nothing in it is secret. */
export type RedisStorageEvent =
  | RedisConnectionEvent
  /** Our fields cannot be read and count as nothing stored; said once. The next write keeps them in the field `kis_damaged`. */
  | { readonly type: 'damaged'; readonly key: string; readonly redisKey: string }
  /** The token that a Python program stored is taken in under `key`; said once for each. */
  | { readonly type: 'imported'; readonly key: string; readonly redisKey: string; readonly expiresAtMs: number }
  /** What a Python program stored is no token for this key; said once for each. `dead`: KIS refused it, or it was revoked. */
  | {
      readonly type: 'import-refused';
      readonly key: string;
      readonly redisKey: string;
      readonly reason: 'no-token' | 'wrong-app-key' | 'dead';
    };

export type EventSink = (event: RedisStorageEvent) => void;

/**
 * Tells `onEvent`, and whoever subscribed to the channel `@kis/storage-redis` of `node:diagnostics_channel`. A listener that
 * throws is the listener's trouble: it must not cost a record.
 */
export function createEventSink(onEvent: EventSink | undefined): EventSink {
  const diagnostics = channel('@kis/storage-redis');
  return (event) => {
    if (diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
