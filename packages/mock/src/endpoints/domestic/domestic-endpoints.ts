import type { Indices } from '../../market/indices.ts';
import type { Market } from '../../market/market.ts';
import type { OverseasMarket } from '../../overseas/overseas-market.ts';
import type { Endpoint } from '../endpoint.ts';
import { createChkHoliday } from './chk-holiday.ts';
import { createEtfInquirePrice } from './etf-inquire-price.ts';
import { createInquireAskingPrice } from './inquire-asking-price.ts';
import { createInquireCcnl } from './inquire-ccnl.ts';
import { createInquireDailyChart } from './inquire-daily-chart.ts';
import { createInquireDailyPrice } from './inquire-daily-price.ts';
import { createInquireInvestor } from './inquire-investor.ts';
import { createInquirePrice } from './inquire-price.ts';
import { createInquirePrice2 } from './inquire-price-2.ts';
import { createInquireTimeChart } from './inquire-time-chart.ts';
import { createInquireTimeDailyChart } from './inquire-time-daily-chart.ts';
import { createIntstockMultprice } from './intstock-multprice.ts';
import { createPubOffer } from './pub-offer.ts';
import { createSearchInfo } from './search-info.ts';
import { createSearchStockInfo } from './search-stock-info.ts';
import { createVolumeRank } from './volume-rank.ts';

/** All that is served about stocks at home. */
export function createDomesticEndpoints(options: {
  readonly market: Market;
  readonly indices: Indices;
  readonly overseas: OverseasMarket;
  readonly seed: number;
}): readonly Endpoint[] {
  const { market, indices, overseas, seed } = options;
  return [
    createInquirePrice(market, indices),
    createInquirePrice2(market, indices),
    createInquireAskingPrice(market),
    createInquireCcnl(market),
    createInquireDailyPrice(market),
    createInquireDailyChart(market),
    createInquireTimeChart(market),
    createInquireTimeDailyChart(market),
    createInquireInvestor(market),
    createIntstockMultprice(market, indices),
    createSearchInfo(market, overseas),
    createSearchStockInfo(market, indices),
    createChkHoliday(),
    createVolumeRank(indices),
    createEtfInquirePrice(market),
    createPubOffer(seed),
  ];
}
