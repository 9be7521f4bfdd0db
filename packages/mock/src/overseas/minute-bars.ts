import type { LocalTime } from '../market/chart.ts';
import { minutesOf } from '../market/minutes.ts';
import type { Venue } from '../market/venue.ts';
import type { Walk } from '../market/walk.ts';

/** Some minutes of a session, whole or up to a moment. Prices and values in the venue's unit. */
export interface Bar {
  readonly day: number;
  /** From midnight to its first minute. */
  readonly startMs: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
  /** Of the session, before this bar and with it. */
  readonly valueBefore: number;
  readonly valueAfter: number;
}

export interface BarRange {
  /** Of one bar; they are counted from the open on. */
  readonly minutes: number;
  /** The newest bar is the one that holds this time, or the last before it. */
  readonly to: LocalTime;
  /** The oldest bars are of this day. */
  readonly fromDay: number;
  readonly maxBars: number;
  readonly until: LocalTime;
}

/** Bars of so many minutes, newest first; the last of a session is shorter where they do not come out even. */
export function barsOf(walk: Walk, venue: Venue, { minutes, to, fromDay, maxBars, until }: BarRange): readonly Bar[] {
  const barMs = minutes * 60_000;
  const barOf = (minute: number): number => Math.floor(minute / minutes);
  const endOfBarMs = (barOf((to.ofDayMs - venue.openMs) / 60_000) + 1) * barMs - 60_000;
  // One minute more than the bars hold tells what was traded before the oldest.
  const rows = minutesOf(walk, venue, {
    toDay: to.day,
    toMs: venue.openMs + endOfBarMs,
    fromDay,
    maxRows: maxBars * minutes + 1,
    until,
  });

  const bars: Bar[] = [];
  for (const [
    index,
    { day, minute, highPrice, lowPrice, openPrice, closePrice, volume, totalValue },
  ] of rows.entries()) {
    const before = rows[index + 1];
    const valueBefore = before?.day === day ? before.totalValue : 0;
    const startMs = venue.openMs + barOf(minute) * barMs;
    const later = bars.at(-1);
    if (later?.day === day && later.startMs === startMs) {
      bars[bars.length - 1] = {
        ...later,
        openPrice,
        highPrice: Math.max(later.highPrice, highPrice),
        lowPrice: Math.min(later.lowPrice, lowPrice),
        volume: later.volume + volume,
        valueBefore,
      };
    } else {
      if (bars.length === maxBars) break;
      const prices = { openPrice, highPrice, lowPrice, closePrice };
      bars.push({ day, startMs, ...prices, volume, valueBefore, valueAfter: totalValue });
    }
  }
  return bars;
}
