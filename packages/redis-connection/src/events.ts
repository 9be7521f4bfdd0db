import type { RedisError } from './errors.ts';

/** Nothing in it is secret. */
export type RedisConnectionEvent =
  /** A command failed for another reason than its own; said once, until one has worked. */
  { readonly type: 'redis-failed'; readonly error: RedisError } | { readonly type: 'redis-recovered' };

export type EventSink = (event: RedisConnectionEvent) => void;
