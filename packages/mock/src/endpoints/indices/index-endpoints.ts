import type { Indices } from '../../market/indices.ts';
import type { Market } from '../../market/market.ts';
import type { Endpoint } from '../endpoint.ts';
import { createInquireDailyIndexChart } from './inquire-daily-index-chart.ts';
import { createInquireIndexDailyPrice } from './inquire-index-daily-price.ts';
import { createInquireIndexPrice } from './inquire-index-price.ts';

/** All that is served about indices. */
export function createIndexEndpoints(market: Market, indices: Indices): readonly Endpoint[] {
  return [
    createInquireIndexPrice(market, indices),
    createInquireIndexDailyPrice(market, indices),
    createInquireDailyIndexChart(market, indices),
  ];
}
