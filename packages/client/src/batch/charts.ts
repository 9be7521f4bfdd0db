import type { Candle } from '../candle.ts';
import { type ChartOptions, checkChartOptions, getChart } from '../chart.ts';
import { minutesPer } from '../minutes.ts';
import type { Kind } from './kind.ts';
import { blocksOfOne, createSingle } from './single.ts';

/** Charts, each by itself. */
export function ofCharts({ period, count, adjusted }: ChartOptions): Kind<Candle[]> {
  checkChartOptions({ period, count });
  return {
    blocks: (_, codes) => blocksOfOne(codes),
    createAsk(source, isEnd) {
      const single = createSingle(isEnd, (code, signal) => getChart(source, code, { period, count, adjusted, signal }));
      return ([code = '']) => single(code);
    },
    callsEach(environment) {
      if (period === 'day' || period === 'week' || period === 'month') return Math.ceil(count / 100);
      const minutes = count * minutesPer[period];
      return environment === 'virtual' ? Math.ceil(minutes / 30) : 1 + Math.max(0, Math.ceil((minutes - 30) / 120));
    },
  };
}
