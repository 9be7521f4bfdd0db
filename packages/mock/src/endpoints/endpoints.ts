import type { Market } from '../market/market.ts';
import { createInquireAskingPrice } from './domestic/inquire-asking-price.ts';
import { createInquireDailyChart } from './domestic/inquire-daily-chart.ts';
import { createInquirePrice } from './domestic/inquire-price.ts';
import type { Endpoint } from './endpoint.ts';

/** All that is served under /uapi. */
export function createEndpoints(market: Market): readonly Endpoint[] {
  return [createInquirePrice(market), createInquireAskingPrice(market), createInquireDailyChart(market)];
}
