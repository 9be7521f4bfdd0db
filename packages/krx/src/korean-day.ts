const dayMs = 86_400_000;
// Korea has been at UTC+9 without daylight saving since 1988.
const offsetMs = 9 * 3_600_000;

/** The day in Korea, counted from 1970-01-01. */
export function koreanDay(ms: number): number {
  return Math.floor((ms + offsetMs) / dayMs);
}

/** When the day begins in Korea, in epoch milliseconds. */
export function startOfDayMs(day: number): number {
  return day * dayMs - offsetMs;
}

/** `YYYYMMDD`. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The last Monday to Friday up to this day: there is no session on a weekend. */
export function weekdayUpTo(day: number): number {
  // 1970-01-01 was a Thursday; 0 is Monday.
  const weekday = (day + 3) % 7;
  return weekday > 4 ? day - (weekday - 4) : day;
}

/** The first calendar day of the week (Monday to Sunday) or month in which the day lies; the day itself of a day. */
export function periodStart(day: number, period: 'day' | 'week' | 'month'): number {
  if (period === 'day') return day;
  if (period === 'week') return day - ((day + 3) % 7);
  return day - (new Date(day * dayMs).getUTCDate() - 1);
}
