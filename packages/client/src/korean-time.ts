// Korea has been at UTC+9 without daylight saving since 1988.
const offsetMs = 9 * 3_600_000;
const dayMs = 86_400_000;

/** `YYYYMMDD` in Korea. */
export function koreanDate(ms: number): string {
  return new Date(ms + offsetMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** `HHMMSS` in Korea. */
export function koreanTime(ms: number): string {
  return new Date(ms + offsetMs).toISOString().slice(11, 19).replaceAll(':', '');
}

/** The start of a `YYYYMMDD` in Korea, in epoch milliseconds; undefined if it is no date. */
export function koreanDayMs(date: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`) - offsetMs;
  // A day too many in a month is read as one of the next.
  return Number.isNaN(ms) || koreanDate(ms) !== date ? undefined : ms;
}

/** The instant at which clocks in Korea showed `HHMMSS` on a `YYYYMMDD`; undefined if there is none such. */
export function koreanInstantMs(date: string, time: string): number | undefined {
  const [startMs, ofDayMs] = [koreanDayMs(date), msOfDay(time)];
  return startMs === undefined || ofDayMs === undefined ? undefined : startMs + ofDayMs;
}

/** The last instant before `latestMs` at which clocks in Korea showed `HHMMSS`; undefined if that is no time. */
export function koreanTimeMs(time: string, latestMs: number): number | undefined {
  const ofDayMs = msOfDay(time);
  if (ofDayMs === undefined) return undefined;
  const midnightMs = Math.floor((latestMs + offsetMs) / dayMs) * dayMs - offsetMs;
  const ms = midnightMs + ofDayMs;
  return ms <= latestMs ? ms : ms - dayMs;
}

/** `YYYYMMDD` of the day before the day, week (Monday to Sunday) or month in which `date` lies. */
export function dayBefore(date: string, period: 'day' | 'week' | 'month'): string {
  const startMs = koreanDayMs(period === 'month' ? `${date.slice(0, 6)}01` : date) ?? 0;
  const weekday = (new Date(startMs + offsetMs).getUTCDay() + 6) % 7;
  return koreanDate(startMs - (period === 'week' ? weekday * dayMs : 0) - dayMs);
}

function msOfDay(time: string): number | undefined {
  // Of five digits where it came as a number.
  const [, hours, minutes, seconds] = /^([01]?\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(time) ?? [];
  return hours === undefined ? undefined : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}
