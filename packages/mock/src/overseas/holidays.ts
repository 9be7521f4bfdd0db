import { weekdayOf } from '../market/calendar.ts';
import { dayAt, easterSunday, lastWeekday, nthWeekday, yearOf } from './dates.ts';

export type Country = 'US' | 'HK' | 'JP' | 'CN' | 'VN';

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;

/** The days of a year on which no exchange of a country opens, as far as a rule gives them: lunar holidays are left out. */
const HOLIDAYS: Readonly<Record<Country, (year: number) => readonly number[]>> = {
  US: (year) => [
    // A New Year's Day on a Saturday is not made up for.
    mondayIfSunday(dayAt(year, 1, 1)),
    nthWeekday(year, 1, MONDAY, 3),
    nthWeekday(year, 2, MONDAY, 3),
    easterSunday(year) - 2,
    lastWeekday(year, 5, MONDAY),
    ...(year >= 2022 ? [nearestWeekday(dayAt(year, 6, 19))] : []),
    nearestWeekday(dayAt(year, 7, 4)),
    nthWeekday(year, 9, MONDAY, 1),
    nthWeekday(year, 11, THURSDAY, 4),
    nearestWeekday(dayAt(year, 12, 25)),
  ],
  HK: (year) => [
    ...[dayAt(year, 1, 1), dayAt(year, 5, 1), dayAt(year, 7, 1), dayAt(year, 10, 1)].map(mondayIfSunday),
    easterSunday(year) - 2,
    easterSunday(year) + 1,
    // Two days off, whichever of them is a Sunday.
    dayAt(year, 12, 25),
    dayAt(year, 12, 26),
    ...(weekdayOf(dayAt(year, 12, 26)) <= MONDAY ? [dayAt(year, 12, 27)] : []),
  ],
  JP: (year) => [
    ...[dayAt(year, 1, 1), dayAt(year, 1, 2), dayAt(year, 1, 3), dayAt(year, 12, 31)],
    ...substituted([
      nthWeekday(year, 1, MONDAY, 2),
      dayAt(year, 2, 11),
      dayAt(year, 2, 23),
      dayAt(year, 3, equinox(year, 20.8431)),
      dayAt(year, 4, 29),
      ...[dayAt(year, 5, 3), dayAt(year, 5, 4), dayAt(year, 5, 5)],
      nthWeekday(year, 7, MONDAY, 3),
      dayAt(year, 8, 11),
      nthWeekday(year, 9, MONDAY, 3),
      dayAt(year, 9, equinox(year, 23.2488)),
      nthWeekday(year, 10, MONDAY, 2),
      dayAt(year, 11, 3),
      dayAt(year, 11, 23),
    ]),
  ],
  CN: (year) => [
    dayAt(year, 1, 1),
    ...Array.from({ length: 5 }, (_, n) => dayAt(year, 5, 1 + n)),
    ...Array.from({ length: 7 }, (_, n) => dayAt(year, 10, 1 + n)),
  ],
  VN: (year) => [dayAt(year, 1, 1), dayAt(year, 4, 30), dayAt(year, 5, 1), dayAt(year, 9, 2)],
};

/** Tells the sessions of a country from the days without one. Keeps the years that were asked about. */
export function createSessionDays(country: Country): (day: number) => boolean {
  const years = new Map<number, ReadonlySet<number>>();
  return (day) => {
    const weekday = weekdayOf(day);
    if (weekday === SUNDAY || weekday === SATURDAY) return false;
    const year = yearOf(day);
    const holidays = years.get(year) ?? new Set(HOLIDAYS[country](year));
    years.set(year, holidays);
    return !holidays.has(day);
  };
}

function mondayIfSunday(day: number): number {
  return weekdayOf(day) === SUNDAY ? day + 1 : day;
}

function nearestWeekday(day: number): number {
  return weekdayOf(day) === SATURDAY ? day - 1 : mondayIfSunday(day);
}

/** A holiday on a Sunday is made up for on the next day that is none, and a day between two holidays is one. */
function substituted(holidays: readonly number[]): readonly number[] {
  const all = new Set(holidays.flatMap((day) => (holidays.includes(day + 2) ? [day, day + 1] : [day])));
  for (const day of holidays) {
    if (weekdayOf(day) !== SUNDAY) continue;
    let next = day + 1;
    while (all.has(next)) next += 1;
    all.add(next);
  }
  return [...all];
}

/** The day of March or September, good from 1980 to 2099. */
function equinox(year: number, in1980: number): number {
  return Math.floor(in1980 + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));
}
