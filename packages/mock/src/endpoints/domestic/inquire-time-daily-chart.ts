import { dayOf } from '../../market/calendar.ts';
import type { Market } from '../../market/market.ts';
import { uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';
import { msOfDay } from '../read-params.ts';
import { minuteChartHead, minuteFields } from './minute-chart.ts';

const MAX_ROWS = 120;
const MAX_AGE_DAYS = 365;

/** 주식일별분봉조회: minutes of any day of the last year. */
export function createInquireTimeDailyChart(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-time-dailychartprice',
    trId: 'FHKST03010230',
    hosts: 'real alone',
    params: ['FID_INPUT_HOUR_1', 'FID_INPUT_DATE_1', 'FID_PW_DATA_INCU_YN'],
    read: (params) => {
      const ofDayMs = msOfDay(params);
      const day = dayOf(params.get('FID_INPUT_DATE_1') ?? '');
      if (ofDayMs === undefined || day === undefined) return uapiRefusal('OPSQ2002');
      return { to: { day, ofDayMs }, isWithDaysBefore: params.get('FID_PW_DATA_INCU_YN') === 'Y' };
    },
    outputs: (stock, quote, { to, isWithDaysBefore }, { nowMs }) => {
      const oldestDay = quote.day - MAX_AGE_DAYS;
      const fromDay = isWithDaysBefore ? oldestDay : Math.max(to.day, oldestDay);
      const bars = market.minutes(stock, nowMs, { to, fromDay, maxRows: MAX_ROWS });
      return { output1: minuteChartHead(stock, quote), output2: bars.map(minuteFields) };
    },
  });
}
