import type { ChartOptions } from '../chart.ts';

/** Under which a chart is kept: no chart is cut from another. */
export function chartName(stockCode: string, { period, count, adjusted = true }: ChartOptions): string {
  return [stockCode, period, count, adjusted ? 'adjusted' : 'as-traded'].join(':');
}
