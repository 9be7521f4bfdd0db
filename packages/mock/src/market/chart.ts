import { FIRST_DAY, nextPeriodStart, type Period, periodStart } from './calendar.ts';
import type { Candle } from './session.ts';
import { lastStep, stepAt, type Venue } from './venue.ts';

/** The time there: the day since 1970-01-01 and the milliseconds since its midnight. */
export interface LocalTime {
  readonly day: number;
  readonly ofDayMs: number;
}

export interface ChartRange {
  readonly fromDay: number;
  readonly toDay: number;
  readonly period: Period;
  readonly maxRows: number;
  readonly until: LocalTime;
}

/** Candles of days, weeks, months or years, newest first; a period bears the date of its first session, and the newest is as far as it has come. */
export function chartOf(
  candleOf: (day: number, step: number) => Candle,
  venue: Venue,
  { fromDay, toDay, period, maxRows, until }: ChartRange,
): readonly Candle[] {
  const todaysStep = stepAt(venue, until.ofDayMs);
  const lastDay = todaysStep < 0 ? until.day - 1 : until.day;
  const oldest = Math.max(fromDay, FIRST_DAY);

  const rows: Candle[] = [];
  let start = periodStart(Math.min(toDay, lastDay), period);
  while (rows.length < maxRows && nextPeriodStart(start, period) > oldest) {
    const days: Candle[] = [];
    const end = Math.min(nextPeriodStart(start, period) - 1, lastDay);
    for (let day = Math.max(start, FIRST_DAY); day <= end; day++) {
      if (venue.isSession(day)) days.push(candleOf(day, day === until.day ? todaysStep : lastStep(venue)));
    }
    const row = merge(days);
    if (row && row.day >= oldest && row.day <= toDay) rows.push(row);
    start = periodStart(start - 1, period);
  }
  return rows;
}

/** One candle of several, oldest first. */
function merge(days: readonly Candle[]): Candle | undefined {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last || first === last) return first;
  return {
    ...first,
    highPrice: Math.max(...days.map((candle) => candle.highPrice)),
    lowPrice: Math.min(...days.map((candle) => candle.lowPrice)),
    closePrice: last.closePrice,
    volume: days.reduce((sum, candle) => sum + candle.volume, 0),
    tradingValue: days.reduce((sum, candle) => sum + candle.tradingValue, 0),
  };
}
