import type { Candle } from './candle.ts';
import type { ChartOptions } from './chart.ts';
import type { CurrentPrice } from './current-price.ts';
import type { OrderBook } from './order-book.ts';
import type { QuoteOptions } from './request.ts';
import type { StockInfo } from './stock-info.ts';

/** Where market data comes from: KIS, another exchange's own service, or a source of one's own. */
export interface MarketData {
  /** Its name, such as `KIS`. */
  readonly source: string;
  getCurrentPrice(code: string, options?: QuoteOptions): Promise<CurrentPrice>;
  /** Rejects with UnsupportedError where the source has none. */
  getOrderBook(code: string, options?: QuoteOptions): Promise<OrderBook>;
  /** Newest first. Rejects with UnsupportedError for a period that the source does not have. */
  getChart(code: string, options: ChartOptions): Promise<Candle[]>;
  getStockInfo(code: string, options?: QuoteOptions): Promise<StockInfo>;
  /** Closes what the source opened. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
