import type { LocalTime } from './chart.ts';
import type { MinuteBar } from './session.ts';
import { lastStep, STEPS_PER_MINUTE, sessionBefore, stepAt, type Venue } from './venue.ts';
import type { Walk } from './walk.ts';

const MINUTE_MS = 60_000;

export interface MinuteRange {
  /** Of one bar; they are counted from the open on. */
  readonly minutes: number;
  /** The newest row is the one that holds this time, or the last before it. */
  readonly to: LocalTime;
  /** The oldest rows are of this day. */
  readonly fromDay: number;
  readonly maxRows: number;
  readonly until: LocalTime;
}

/** Bars of so many minutes, newest first, as far as the newest has come; the last of a session may be shorter, and none lies wholly between the end of trading and the close. */
export function minutesOf(
  walk: Walk,
  venue: Venue,
  { minutes, to, fromDay, maxRows, until }: MinuteRange,
): readonly MinuteBar[] {
  const isFuture = to.day > until.day || (to.day === until.day && to.ofDayMs > until.ofDayMs);
  const end = isFuture ? until : to;

  const rows: MinuteBar[] = [];
  for (let day = end.day; day >= fromDay && rows.length < maxRows; day = sessionBefore(venue, day)) {
    if (!venue.isSession(day)) continue;
    const lastMs = day === end.day ? end.ofDayMs : Number.POSITIVE_INFINITY;
    const step = stepAt(venue, day === until.day ? until.ofDayMs : Number.POSITIVE_INFINITY);
    const lastMinute = Math.min(venue.closeMinute, (lastMs - venue.openMs) / MINUTE_MS);
    let minute = Math.floor(lastMinute / minutes) * minutes;
    for (; minute >= 0 && rows.length < maxRows; minute -= minutes) {
      const isWithClose = minute + minutes > venue.closeMinute && step === lastStep(venue);
      const hasBegun = minute < venue.tradingMinutes && minute * STEPS_PER_MINUTE <= step;
      if (hasBegun || isWithClose) rows.push(walk.bar(day, minute, minutes, step));
    }
  }
  return rows;
}

/** Milliseconds from midnight to the first minute of a bar, which is its label. */
export function minuteMs(venue: Venue, { minute }: MinuteBar): number {
  return venue.openMs + minute * MINUTE_MS;
}
