import { channel } from 'node:diagnostics_channel';
import type { CircuitEvent } from './ports.ts';

export type EventSink = (event: CircuitEvent) => void;

/**
 * Tells `onEvent`, and whoever subscribed to the channel `@kis/breaker` of `node:diagnostics_channel`. A listener that throws
 * is the listener's trouble: its mistake must not become the caller's error.
 */
export function createEventSink(onEvent: EventSink | undefined): EventSink {
  const diagnostics = channel('@kis/breaker');
  return (event) => {
    if (diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
