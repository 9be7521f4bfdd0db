import type { KisEndpoint } from './endpoint.ts';
import { type EtfPrice, getEtfPrice } from './market/etf-price.ts';
import { createHolidays, type HolidayOptions, type MarketDay } from './market/holidays.ts';
import { getIndexChart, type IndexCandle, type IndexChartOptions } from './market/index-chart.ts';
import { getIndexPrice, type IndexPrice } from './market/index-price.ts';
import { getInvestors, type InvestorDay } from './market/investors.ts';
import { getIpoSchedule, type Ipo, type IpoScheduleOptions } from './market/ipo-schedule.ts';
import { isMarketOpen } from './market/market-hours.ts';
import { type StockListing, searchStockInfo } from './market/stock-listing.ts';
import { getVolumeRank, type VolumeRank, type VolumeRankOptions } from './market/volume-rank.ts';
import type { OverseasStock } from './overseas/exchanges.ts';
import type { OverseasCandle } from './overseas/overseas-candle.ts';
import { getOverseasChart, type OverseasChartOptions } from './overseas/overseas-chart.ts';
import { getOverseasPrice, type OverseasPrice } from './overseas/overseas-price.ts';
import {
  createOverseasPriceDetail,
  type OverseasCountryOptions,
  type OverseasPriceDetail,
} from './overseas/overseas-price-detail.ts';
import { type PageOptions, type Pages, paginate } from './paginate.ts';
import type { QuoteSource } from './quote-source.ts';
import type { CallOptions, Params } from './request.ts';
import type { Files } from './symbols/files.ts';
import type { MarketSymbol } from './symbols/record.ts';
import { getSymbols, type SymbolsOptions } from './symbols/symbols.ts';

/** What KIS tells of a market beyond what any source does. Those that say so reject with UnsupportedError on the virtual host. */
export interface KisCalls {
  /** The price of an ETF or ETN, and its net asset value. Not on the virtual host. */
  getEtfPrice(code: string, options?: CallOptions): Promise<EtfPrice>;
  /** `client.getOverseasPrice({ exchange: 'NAS', symbol: 'AAPL' })` */
  getOverseasPrice(stock: OverseasStock, options?: CallOptions): Promise<OverseasPrice>;
  /** Finds out by itself at which exchange of the country a symbol is listed. Not on the virtual host. */
  getOverseasPriceDetail(symbol: string, options: OverseasCountryOptions): Promise<OverseasPriceDetail>;
  /** Newest first. Minutes are not on the virtual host. */
  getOverseasChart(stock: OverseasStock, options: OverseasChartOptions): Promise<OverseasCandle[]>;
  /** How a stock stands in the register: names, ISIN, dates, status. Not on the virtual host. */
  searchStockInfo(code: string, options?: CallOptions): Promise<StockListing>;
  /** The shares that are offered before they are listed, newest first. Not on the virtual host. */
  getIpoSchedule(options: IpoScheduleOptions): Promise<Ipo[]>;
  /** 31 days from `from` on, asked for once a day. Not on the virtual host. */
  getHolidays(options: HolidayOptions): Promise<MarketDay[]>;
  /**
   * Whether the exchange trades now: 09:00 to 15:30 in Korea on a day on which it is open. KIS does not tell of the few days on
   * which it keeps other hours. Not on the virtual host.
   */
  isMarketOpen(options?: CallOptions): Promise<boolean>;
  /** Who bought and sold on the last 30 days, newest first. */
  getInvestors(code: string, options?: CallOptions): Promise<InvestorDay[]>;
  /** The 30 stocks that are traded most. Not on the virtual host. */
  getVolumeRank(options?: VolumeRankOptions): Promise<VolumeRank[]>;
  /** By an index's code: `'0001'` KOSPI, `'1001'` KOSDAQ, `'2001'` KOSPI 200. Not on the virtual host. */
  getIndexPrice(code: string, options?: CallOptions): Promise<IndexPrice>;
  /** Newest first. */
  getIndexChart(code: string, options: IndexChartOptions): Promise<IndexCandle[]>;
  /** All that is listed at a market, from KIS's files: no token, and no part of the rate budget. */
  getSymbols(options: SymbolsOptions): Promise<MarketSymbol[]>;
  /**
   * The pages of any endpoint, as KIS gave them: `for await (const { body } of client.paginate(endpoint, params))`. By its keys, or
   * by windows of dates (`byDates`). Rejects with KisResponseError when the same keys come twice.
   */
  paginate(endpoint: KisEndpoint, params?: Params, options?: PageOptions): Pages;
}

export function createCalls(source: QuoteSource, files: Files): KisCalls {
  const { request } = source;
  const getHolidays = createHolidays(source);
  return {
    getEtfPrice: (code, options) => getEtfPrice(request, code, options),
    getOverseasPrice: (stock, options) => getOverseasPrice(request, stock, options),
    getOverseasPriceDetail: createOverseasPriceDetail(request),
    getOverseasChart: (stock, options) => getOverseasChart(request, stock, options),
    searchStockInfo: (code, options) => searchStockInfo(source, code, options),
    getIpoSchedule: (options) => getIpoSchedule(request, options),
    getHolidays,
    isMarketOpen: (options) => isMarketOpen(source, getHolidays, options),
    getInvestors: (code, options) => getInvestors(request, code, options),
    getVolumeRank: (options) => getVolumeRank(source, options),
    getIndexPrice: (code, options) => getIndexPrice(request, code, options),
    getIndexChart: (code, options) => getIndexChart(source, code, options),
    getSymbols: (options) => getSymbols(files, source.names, options),
    paginate: (endpoint, params, options) => paginate(request, endpoint, params, options),
  };
}
