import type { MarketData } from '../market-data.ts';
import { checkStockCode } from '../stock-code.ts';
import { chartName } from './chart-name.ts';
import type { QuoteCache } from './quote-cache.ts';

type Quotes = Pick<MarketData, 'getCurrentPrice' | 'getOrderBook' | 'getChart' | 'getStockInfo'>;

/** The same quotes, by way of the cache. */
export function createCachedQuotes(cache: QuoteCache, quotes: Quotes): Quotes {
  return {
    async getCurrentPrice(code, options) {
      const ask = (signal?: AbortSignal) => quotes.getCurrentPrice(code, { ...options, signal });
      return cache.get('price', checkStockCode(code), options, ask);
    },
    async getOrderBook(code, options) {
      const ask = (signal?: AbortSignal) => quotes.getOrderBook(code, { ...options, signal });
      return cache.get('orderBook', checkStockCode(code), options, ask);
    },
    async getChart(code, options) {
      const ask = (signal?: AbortSignal) => quotes.getChart(code, { ...options, signal });
      return cache.get('chart', chartName(checkStockCode(code), options), options, ask);
    },
    async getStockInfo(code, options) {
      const ask = (signal?: AbortSignal) => quotes.getStockInfo(code, { ...options, signal });
      return cache.get('stockInfo', checkStockCode(code), options, ask);
    },
  };
}
