import type { Clock } from '@kis/token-core';
import type { EventSink } from '../events.ts';
import { type WarmOptions, type WarmReport, type WarmStreams, warm } from './warm.ts';
import { type DailyCodes, type DailyWarming, startDailyWarming, type WarmDailyOptions } from './warm-daily.ts';

/** What fills the cache ahead of those who read. */
export interface Warming {
  /**
   * Asks KIS about all of the codes, whatever is kept of them, and keeps the answers; `{ price: { succeeded, failed }, …,
   * durationMs }`, where an answer that was not kept has failed. A price is asked for by itself, since `getCurrentPrice` tells
   * more than a batch. Rejects with TypeError without a `cache`, with RangeError for more than its `maxEntries`, with what every
   * code would meet, and with `signal.reason`.
   */
  warmCache(codes: Iterable<string>, options?: WarmOptions): Promise<WarmReport>;
  /**
   * Does so on every market day at a time of day in Korea, `'08:30'`, until it is stopped or the client closed; on the virtual
   * host, which tells no holidays, from Monday to Friday. What comes of it is an event.
   *
   * @throws TypeError without a `cache`, or naming what is wrong with the time, the codes or the options.
   */
  warmDaily(time: string, codes: DailyCodes, options?: WarmDailyOptions): DailyWarming;
}

export function createWarming(source: {
  /** Undefined where the cache is off. */
  readonly streams: WarmStreams | undefined;
  /** How many replies the cache has room for. */
  readonly maxEntries: number;
  readonly clock: Clock;
  /** Throws once the client is closed. */
  readonly assertOpen: () => void;
  /** Aborted when the client is closed. */
  readonly closing: AbortSignal;
  readonly isMarketDay: ((date: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  readonly onEvent: EventSink;
}): Warming {
  const { clock, closing, maxEntries, assertOpen } = source;

  function streamsOf(name: string): WarmStreams {
    if (source.streams === undefined) throw new TypeError(`client: \`${name}\` needs the option \`cache\``);
    assertOpen();
    return source.streams;
  }

  const warmCache: Warming['warmCache'] = async (codes, options = {}) =>
    warm(streamsOf('warmCache'), codes, options, { maxEntries, monotonicMs: () => clock.monotonicMs() });

  return {
    warmCache,
    warmDaily(time, codes, { signal, ...options } = {}) {
      streamsOf('warmDaily');
      const ends = signal === undefined ? closing : AbortSignal.any([closing, signal]);
      return startDailyWarming({ ...source, warm: warmCache }, time, codes, { ...options, signal: ends });
    },
  };
}
