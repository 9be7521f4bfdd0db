import type { Market } from '../market/market.ts';
import { createInquireAskingPrice } from './domestic/inquire-asking-price.ts';
import { createInquireDailyChart } from './domestic/inquire-daily-chart.ts';
import { createInquirePrice } from './domestic/inquire-price.ts';
import { createInquireTimeChart } from './domestic/inquire-time-chart.ts';
import { createInquireTimeDailyChart } from './domestic/inquire-time-daily-chart.ts';
import type { Endpoint } from './endpoint.ts';

/** All that is served under /uapi. */
export function createEndpoints(market: Market): readonly Endpoint[] {
  return [
    createInquirePrice(market),
    createInquireAskingPrice(market),
    createInquireDailyChart(market),
    createInquireTimeChart(market),
    createInquireTimeDailyChart(market),
  ];
}
