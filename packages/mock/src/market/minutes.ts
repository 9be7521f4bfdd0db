import type { LocalTime } from './chart.ts';
import type { MinuteBar } from './session.ts';
import { STEPS_PER_MINUTE, sessionBefore, stepAt, type Venue } from './venue.ts';
import type { Walk } from './walk.ts';

const MINUTE_MS = 60_000;

export interface MinuteRange {
  /** The newest row is the one of this day and time, or the last before it. */
  readonly toDay: number;
  readonly toMs: number;
  /** The oldest rows are of this day. */
  readonly fromDay: number;
  readonly maxRows: number;
  readonly until: LocalTime;
}

/** Bars of one minute, newest first, as far as the newest has come; between the end of trading and the close there is none. */
export function minutesOf(
  walk: Walk,
  venue: Venue,
  { toDay, toMs, fromDay, maxRows, until }: MinuteRange,
): readonly MinuteBar[] {
  const isFuture = toDay > until.day || (toDay === until.day && toMs > until.ofDayMs);
  const end = isFuture ? until : { day: toDay, ofDayMs: toMs };

  const rows: MinuteBar[] = [];
  for (let day = end.day; day >= fromDay && rows.length < maxRows; day = sessionBefore(venue, day)) {
    if (!venue.isSession(day)) continue;
    const lastMs = day === end.day ? end.ofDayMs : Number.POSITIVE_INFINITY;
    const step = stepAt(venue, day === until.day ? until.ofDayMs : Number.POSITIVE_INFINITY);
    let minute = Math.min(venue.closeMinute, Math.floor((lastMs - venue.openMs) / MINUTE_MS));
    for (; minute >= 0 && rows.length < maxRows; minute--) {
      const hasBegun = minute * STEPS_PER_MINUTE <= step;
      if (hasBegun && (minute < venue.tradingMinutes || minute === venue.closeMinute)) {
        rows.push(walk.minute(day, minute, step));
      }
    }
  }
  return rows;
}

/** Milliseconds from midnight to the minute of a bar, which is its label. */
export function minuteMs(venue: Venue, { minute }: MinuteBar): number {
  return venue.openMs + minute * MINUTE_MS;
}
