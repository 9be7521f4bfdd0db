import type { LocalTime } from '../market/chart.ts';
import { nthWeekday, yearOf } from './dates.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** By how many milliseconds the clocks of a place are ahead of UTC at this instant. */
export type Zone = (atMs: number) => number;

/** So many hours ahead of UTC, summer and winter. */
export function fixedZone(hours: number): Zone {
  return () => hours * HOUR_MS;
}

/** Summer time from the second Sunday of March to the first Sunday of November, 02:00 both times: the rule since 2007. */
export const newYork: Zone = (atMs) => {
  const year = yearOf(Math.floor(atMs / DAY_MS));
  const fromMs = nthWeekday(year, 3, 0, 2) * DAY_MS + 7 * HOUR_MS;
  const toMs = nthWeekday(year, 11, 0, 1) * DAY_MS + 6 * HOUR_MS;
  return (atMs >= fromMs && atMs < toMs ? -4 : -5) * HOUR_MS;
};

export function localTime(zone: Zone, atMs: number): LocalTime {
  const shifted = atMs + zone(atMs);
  const day = Math.floor(shifted / DAY_MS);
  return { day, ofDayMs: shifted - day * DAY_MS };
}

/** The instant of a local time, exact but for the two hours a year in which the clocks are changed. */
function instantOf(zone: Zone, { day, ofDayMs }: LocalTime): number {
  const shifted = day * DAY_MS + ofDayMs;
  return shifted - zone(shifted - zone(shifted));
}

/** The local time of a Korean clock at the same instant. */
export function inKorea(zone: Zone, time: LocalTime): LocalTime {
  return localTime(fixedZone(9), instantOf(zone, time));
}
