import type { Candle } from './candle.ts';
import { checkCount, checkOneOf } from './check.ts';
import { type DailyPeriod, dailyPeriods, getDailyChart } from './daily-chart.ts';
import { koreanDate } from './korean-time.ts';
import { getMinuteChart } from './minute-chart.ts';
import { type MinutePeriod, minutesPer } from './minutes.ts';
import type { QuoteSource } from './quote-source.ts';
import type { QuoteOptions } from './request.ts';
import { checkStockCode } from './stock-code.ts';

export interface ChartOptions extends QuoteOptions {
  /** Those of 5 and 30 minutes are put together from those of one, the only ones that KIS has. */
  readonly period: DailyPeriod | MinutePeriod;
  /**
   * How many candles; fewer come where the stock has no more. A call of KIS gives 100 days, weeks or months. Of minutes the
   * first gives 30 and each one more 120, back for a year; on the virtual host 30, of one session.
   */
  readonly count: number;
  /** For splits and the like. Default true. Minutes are as they were traded, whatever this says. KIS: `FID_ORG_ADJ_PRC`. */
  readonly adjusted?: boolean | undefined;
}

const chartPeriods: readonly string[] = [...dailyPeriods, ...Object.keys(minutesPer)];

/** @throws RangeError, TypeError naming the option that is wrong. */
export function checkChartOptions({ period, count }: ChartOptions): void {
  checkCount(count);
  checkOneOf('period', period, chartPeriods);
}

export async function getChart(source: QuoteSource, code: string, options: ChartOptions): Promise<Candle[]> {
  const stockCode = checkStockCode(code);
  const { period, count, adjusted = true, signal } = options;
  checkChartOptions(options);
  if (isMinutePeriod(period)) return getMinuteChart(source, stockCode, { period, count, signal });
  const lastDate = koreanDate(source.nowMs());
  return getDailyChart(source.request, stockCode, { period, count, adjusted, lastDate, signal });
}

function isMinutePeriod(period: ChartOptions['period']): period is MinutePeriod {
  return Object.hasOwn(minutesPer, period);
}
