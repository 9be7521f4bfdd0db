const DAY_MS = 86_400_000;
const KST_MS = 9 * 3_600_000;

/** Holidays of every year, MMDD. Lunar holidays and substitute holidays are left out: they are trading days here. */
const HOLIDAYS: ReadonlySet<number> = new Set([101, 301, 501, 505, 606, 815, 1003, 1009, 1225, 1231]);

/** The first day that the charts know. */
export const FIRST_DAY: number = Date.UTC(2000, 0, 4) / DAY_MS;

/** A point in time in Korea: the day since 1970-01-01 and the milliseconds since its midnight. */
export function koreanTime(nowMs: number): { readonly day: number; readonly ofDayMs: number } {
  const shifted = nowMs + KST_MS;
  const day = Math.floor(shifted / DAY_MS);
  return { day, ofDayMs: shifted - day * DAY_MS };
}

/** YYYYMMDD as a number, by the civil calendar's own arithmetic: charts ask this for every day of many years. */
function civilDate(day: number): number {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const date = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0)) * 10_000 + month * 100 + date;
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 4) % 7) + 7) % 7;
}

export function isWeekend(day: number): boolean {
  const weekday = weekdayOf(day);
  return weekday === 0 || weekday === 6;
}

export function isKoreanHoliday(day: number): boolean {
  return HOLIDAYS.has(civilDate(day) % 10_000);
}

/** `YYYYMMDD`. */
export function dateOf(day: number): string {
  return String(civilDate(day)).padStart(8, '0');
}

/** The day of a `YYYYMMDD`, or undefined when there is none such. */
export function dayOf(date: string): number | undefined {
  const [, year, month, dayOfMonth] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  if (year === undefined) return undefined;
  const day = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth)) / DAY_MS;
  return dateOf(day) === date ? day : undefined;
}

/** `YYYY-MM-DD HH:MM:SS` of the wall clock in Korea, as KIS writes a token's expiry. */
export function koreanWallTime(ms: number): string {
  return new Date(ms + KST_MS).toISOString().slice(0, 19).replace('T', ' ');
}

export type Period = 'D' | 'W' | 'M' | 'Y';

/** The first calendar day of the period that holds this day; weeks begin on Monday. */
export function periodStart(day: number, period: Period): number {
  if (period === 'D') return day;
  if (period === 'W') return day - ((weekdayOf(day) + 6) % 7);
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), period === 'M' ? date.getUTCMonth() : 0, 1) / DAY_MS;
}

/** The first calendar day of the period after the one that begins on this day. */
export function nextPeriodStart(start: number, period: Period): number {
  return period === 'D' ? start + 1 : periodStart(start + (period === 'W' ? 7 : period === 'M' ? 31 : 366), period);
}
