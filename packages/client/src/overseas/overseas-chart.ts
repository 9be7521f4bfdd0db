import { checkCount, checkOneOf } from '../check.ts';
import { type DailyPeriod, dailyPeriods } from '../daily-chart.ts';
import type { CallOptions, Request } from '../request.ts';
import { checkOverseasStock, type OverseasStock } from './exchanges.ts';
import type { OverseasCandle } from './overseas-candle.ts';
import { getOverseasDays } from './overseas-days.ts';
import { getOverseasMinutes, type OverseasMinutePeriod, overseasMinutes } from './overseas-minutes.ts';

export interface OverseasChartOptions extends CallOptions {
  /** Minutes are not offered on the virtual host. KIS makes each length itself. */
  readonly period: DailyPeriod | OverseasMinutePeriod;
  /**
   * How many candles; fewer come where KIS has no more. A call gives 100 days, weeks or months; of minutes 120, back for about
   * a month.
   */
  readonly count: number;
  /** For splits and the like. Default true. Minutes are as they were traded, whatever this says. KIS: `MODP`. */
  readonly adjusted?: boolean | undefined;
}

const periods: readonly string[] = [...dailyPeriods, ...Object.keys(overseasMinutes)];

export async function getOverseasChart(
  request: Request,
  given: OverseasStock,
  { period, count, adjusted = true, signal }: OverseasChartOptions,
): Promise<OverseasCandle[]> {
  const stock = checkOverseasStock(given);
  checkCount(count);
  checkOneOf('period', period, periods);
  return isMinutePeriod(period)
    ? getOverseasMinutes(request, stock, { minutes: overseasMinutes[period], count, signal })
    : getOverseasDays(request, stock, { period, count, adjusted, signal });
}

function isMinutePeriod(period: OverseasChartOptions['period']): period is OverseasMinutePeriod {
  return Object.hasOwn(overseasMinutes, period);
}
