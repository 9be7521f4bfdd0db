import type { OverseasMarket } from '../../overseas/overseas-market.ts';
import type { Endpoint } from '../endpoint.ts';
import { createCountriesHoliday } from './countries-holiday.ts';
import { createOverseasAskingPrice } from './overseas-asking-price.ts';
import { createOverseasDailyPrice } from './overseas-daily-price.ts';
import { createOverseasPrice } from './overseas-price.ts';
import { createOverseasPriceDetail } from './overseas-price-detail.ts';
import { createOverseasSearchInfo } from './overseas-search-info.ts';
import { createOverseasTimeChart } from './overseas-time-chart.ts';

/** All that is served about exchanges abroad. */
export function createOverseasEndpoints(market: OverseasMarket): readonly Endpoint[] {
  return [
    createOverseasPrice(market),
    createOverseasPriceDetail(market),
    createOverseasDailyPrice(market),
    createOverseasTimeChart(market),
    createOverseasAskingPrice(market),
    createOverseasSearchInfo(market),
    createCountriesHoliday(market),
  ];
}
