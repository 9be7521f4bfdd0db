import { type Candle, type ChartOptions, UnsupportedError } from '@kis/client';
import type { Days } from './days.ts';
import { foldSessions, type Sessions } from './fold.ts';
import { periodStart, weekdayUpTo } from './korean-day.ts';
import type { Locate } from './locate.ts';
import { sessionsBack } from './sessions.ts';

type DailyPeriod = 'day' | 'week' | 'month';

export interface Chart {
  readonly period: DailyPeriod;
  readonly count: number;
  readonly signal: AbortSignal | undefined;
}

const periods: readonly string[] = ['day', 'week', 'month'] satisfies DailyPeriod[];
const minutes: readonly string[] = ['1m', '5m', '30m'];
/** As many as a week has are asked for at once. */
const mostAtOnce = 5;

/** @throws RangeError, TypeError naming the option; UnsupportedError for minutes and for adjusted prices. */
export function checkChart({ period, count, adjusted, signal }: ChartOptions): Chart {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`krx: \`count\` must be an integer >= 1, got ${String(count)}`);
  }
  if (minutes.includes(period)) throw new UnsupportedError('KRX', 'charts of minutes');
  if (!isDaily(period)) {
    const known = periods.map((it) => `'${it}'`).join(', ');
    throw new TypeError(`krx: \`period\` must be one of ${known}, got ${String(period)}`);
  }
  if (adjusted === true) throw new UnsupportedError('KRX', 'adjusted prices');
  return { period, count, signal };
}

function isDaily(period: string): period is DailyPeriod {
  return periods.includes(period);
}

/** Newest first. No day is asked for that is not in one of the candles. */
export async function getChart(
  { days, locate }: { readonly days: Days; readonly locate: Locate },
  stockCode: string,
  { period, count, signal }: Chart,
): Promise<Candle[]> {
  const groups: Sessions[] = [];
  const isOfOldest = (day: number): boolean => {
    const oldest = groups.at(-1)?.[0];
    return oldest !== undefined && periodStart(oldest.day, period) === periodStart(day, period);
  };
  const wanted = (next: number): number[] => {
    signal?.throwIfAborted();
    const left = count - groups.length;
    if (period === 'day') return weekdaysBack(next, Math.min(left, mostAtOnce));
    return left > 0 || isOfOldest(next) ? weekdaysBack(next, mostAtOnce, periodStart(next, period)) : [];
  };

  const place = await locate(stockCode, 'daily');
  for await (const session of sessionsBack(days, stockCode, place, wanted)) {
    if (isOfOldest(session.day)) groups.at(-1)?.push(session);
    else groups.push([session]);
  }
  return groups.map((sessions) => foldSessions(stockCode, sessions));
}

/** So many weekdays from this one back, none before `firstDay`. */
function weekdaysBack(day: number, count: number, firstDay: number = Number.NEGATIVE_INFINITY): number[] {
  const found: number[] = [];
  for (let next = day; found.length < count && next >= firstDay; next = weekdayUpTo(next - 1)) found.push(next);
  return found;
}
