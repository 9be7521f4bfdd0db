import { channel } from 'node:diagnostics_channel';

/** What a source tells its `onEvent`. Nothing in it is secret. */
export type KrxEvent =
  /** KRX has answered. `date` is `YYYYMMDD`, `callsLeft` what is left of the day's budget. */
  | {
      readonly type: 'call';
      readonly service: string;
      readonly date: string;
      readonly rows: number;
      readonly callsLeft: number;
    }
  /** A call is about to be sent again. */
  | {
      readonly type: 'retry';
      readonly service: string;
      readonly date: string;
      /** The number of the attempt that failed. */
      readonly attempt: number;
      readonly waitMs: number;
      readonly error: unknown;
    }
  /** The store failed, or did not answer in time; KRX is asked instead. */
  | { readonly type: 'store-failed'; readonly error: unknown };

export type EventSink = (event: KrxEvent) => void;

/**
 * Tells `onEvent`, and whoever subscribed to the channel `@kis/krx` of `node:diagnostics_channel`. A listener that throws is the
 * listener's trouble: its mistake must not become the caller's error.
 */
export function createEventSink(onEvent: EventSink | undefined): EventSink {
  const diagnostics = channel('@kis/krx');
  return (event) => {
    if (diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
