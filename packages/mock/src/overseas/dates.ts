import { weekdayOf } from '../market/calendar.ts';

const DAY_MS = 86_400_000;

/** The day since 1970-01-01 of a date; months and days count from 1. */
export function dayAt(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** The n-th of such weekdays in a month; 0 is Sunday. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): number {
  const first = dayAt(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
}

/** The last of such weekdays in a month. */
export function lastWeekday(year: number, month: number, weekday: number): number {
  const last = dayAt(year, month + 1, 0);
  return last - ((weekdayOf(last) - weekday + 7) % 7);
}

/** By the Gregorian rule of Meeus, Jones and Butcher. */
export function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayAt(year, Math.floor(n / 31), (n % 31) + 1);
}
