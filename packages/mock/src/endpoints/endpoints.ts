import type { Indices } from '../market/indices.ts';
import type { Market } from '../market/market.ts';
import type { OverseasMarket } from '../overseas/overseas-market.ts';
import type { Brokerage } from '../trading/brokerage.ts';
import { createDomesticEndpoints } from './domestic/domestic-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { createIndexEndpoints } from './indices/index-endpoints.ts';
import { createOverseasEndpoints } from './overseas/overseas-endpoints.ts';
import { createTradingEndpoints } from './trading/trading-endpoints.ts';

/** All that is served under /uapi. */
export function createEndpoints(options: {
  readonly market: Market;
  readonly indices: Indices;
  readonly overseas: OverseasMarket;
  readonly brokerage: Brokerage;
  readonly seed: number;
}): readonly Endpoint[] {
  const { market, indices, overseas, brokerage, seed } = options;
  return [
    ...createDomesticEndpoints({ market, indices, overseas, seed }),
    ...createIndexEndpoints(market, indices),
    ...createOverseasEndpoints(overseas),
    ...createTradingEndpoints(market, brokerage),
  ];
}
