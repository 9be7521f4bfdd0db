import type { Candle } from './candle.ts';
import { type DailyPeriod, getDailyChart } from './daily-chart.ts';
import { koreanDate } from './korean-time.ts';
import { getMinuteChart } from './minute-chart.ts';
import { type MinutePeriod, minutesPer } from './minutes.ts';
import type { QuoteSource } from './quote-source.ts';
import type { CallOptions } from './request.ts';
import { checkStockCode } from './stock-code.ts';

export interface ChartOptions extends CallOptions {
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

const dailyPeriods: readonly string[] = ['day', 'week', 'month'] satisfies DailyPeriod[];

export async function getChart(source: QuoteSource, code: string, options: ChartOptions): Promise<Candle[]> {
  const stockCode = checkStockCode(code);
  const { period, count, adjusted = true, signal } = options;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`client: \`count\` must be an integer >= 1, got ${String(count)}`);
  }
  if (isMinutePeriod(period)) return getMinuteChart(source, stockCode, { period, count, signal });
  if (!dailyPeriods.includes(period)) {
    const known = [...dailyPeriods, ...Object.keys(minutesPer)].map((it) => `'${it}'`).join(', ');
    throw new TypeError(`client: \`period\` must be one of ${known}, got ${String(period)}`);
  }
  const lastDate = koreanDate(source.nowMs());
  return getDailyChart(source.request, stockCode, { period, count, adjusted, lastDate, signal });
}

function isMinutePeriod(period: ChartOptions['period']): period is MinutePeriod {
  return Object.hasOwn(minutesPer, period);
}
