import { channel } from 'node:diagnostics_channel';
import type { RateLimitEvent } from './ports.ts';

export type EventSink = (event: RateLimitEvent) => void;

/**
 * Tells `onEvent`, and whoever subscribed to the channel `@kis/ratelimit` of `node:diagnostics_channel`. A listener that throws
 * is the listener's trouble: its mistake must not become the caller's error.
 */
export function createEventSink(onEvent: EventSink | undefined): EventSink {
  const diagnostics = channel('@kis/ratelimit');
  return (event) => {
    if (diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
