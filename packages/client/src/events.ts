import { channel } from 'node:diagnostics_channel';
import type { CircuitEvent } from '@kis/breaker';
import type { RateLimitEvent } from '@kis/ratelimit';
import type { TokenEvent } from '@kis/token-core';
import type { BatchEvent } from './batch/batch-event.ts';
import type { CacheEvent } from './cache/cache-events.ts';
import type { RetryEvent } from './retry.ts';

/** What a client tells its `onEvent`. Nothing in it is secret. */
export type KisClientEvent =
  | RetryEvent
  | BatchEvent
  | CacheEvent
  /** Of the token manager that the client made. */
  | { readonly type: 'token'; readonly event: TokenEvent }
  /** Of the limiter that the client made; with `trId` of the one for a TR of the accounts' ledger. */
  | { readonly type: 'rate-limit'; readonly event: RateLimitEvent; readonly trId?: string | undefined }
  /** Of the breaker that the client made. */
  | { readonly type: 'breaker'; readonly event: CircuitEvent }
  /** Of the storage that `createKisClientFromEnv` made: a `FileStorageEvent` of `@kis/storage-file` or a `RedisStorageEvent` of `@kis/storage-redis`, which need not be installed. */
  | { readonly type: 'storage'; readonly event: { readonly type: string } };

export type EventSink = (event: KisClientEvent) => void;

/**
 * Tells `onEvent`, and, with the `key` of the token, whoever subscribed to the channel `@kis/client` of
 * `node:diagnostics_channel`: of the client's own events alone, as the others have channels of their own. A listener that
 * throws is the listener's trouble: its mistake must not become the caller's error.
 */
export function createEventSink(onEvent: EventSink | undefined, key: string): EventSink {
  const diagnostics = channel('@kis/client');
  return (event) => {
    const isOwn = !('event' in event);
    if (isOwn && diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event, key }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
