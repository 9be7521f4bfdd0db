import { dayOf } from '../../market/calendar.ts';
import type { Market } from '../../market/market.ts';
import { uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { minuteChartHead, minuteFields, msOfDay } from './minute-chart.ts';
import { createStockEndpoint } from './stock-endpoint.ts';

const MAX_ROWS = 120;
const MAX_AGE_DAYS = 365;

/** 주식일별분봉조회: minutes of any day of the last year. */
export function createInquireTimeDailyChart(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-time-dailychartprice',
    trId: 'FHKST03010230',
    hosts: 'real alone',
    params: ['FID_INPUT_HOUR_1', 'FID_INPUT_DATE_1', 'FID_PW_DATA_INCU_YN'],
    check: ({ params }) =>
      msOfDay(params.get('FID_INPUT_HOUR_1') ?? '') === undefined ||
      dayOf(params.get('FID_INPUT_DATE_1') ?? '') === undefined
        ? uapiRefusal('OPSQ2002')
        : undefined,
    outputs: (stock, quote, { params, nowMs }) => {
      const toDay = dayOf(params.get('FID_INPUT_DATE_1') ?? '') ?? 0;
      const toMs = msOfDay(params.get('FID_INPUT_HOUR_1') ?? '') ?? 0;
      const oldestDay = quote.day - MAX_AGE_DAYS;
      const bars = market.minutes(stock, nowMs, {
        toDay,
        toMs,
        fromDay: params.get('FID_PW_DATA_INCU_YN') === 'Y' ? oldestDay : Math.max(toDay, oldestDay),
        maxRows: MAX_ROWS,
      });
      return { output1: minuteChartHead(stock, quote), output2: bars.map(minuteFields) };
    },
  });
}
