import { readBlock } from './blocks.ts';
import type { CurrentPrice } from './current-price.ts';
import { requestDailyChart } from './daily-chart.ts';
import { koreanDate } from './korean-time.ts';
import type { QuoteSource } from './quote-source.ts';
import type { QuoteOptions } from './request.ts';

export interface PriceOptions extends QuoteOptions {
  /** Asks KIS for the stock's name where no answer has told it yet, which takes one call more. Default false. */
  readonly withName?: boolean | undefined;
}

/** The price, and the stock's name where that is known. */
export async function addStockName(
  source: QuoteSource,
  price: CurrentPrice,
  { withName = false, signal }: PriceOptions = {},
): Promise<CurrentPrice> {
  const { request, names, nowMs } = source;
  const { stockCode } = price;
  let stockName = price.stockName ?? names.get(stockCode);
  if (stockName === undefined && withName) {
    // The only call that tells it on both hosts.
    const page = { period: 'day', adjusted: true, lastDate: koreanDate(nowMs()), signal } as const;
    const chart = await requestDailyChart(request, stockCode, page);
    stockName = readBlock(chart, 'output1', {}).optionalText('hts_kor_isnm');
  }
  if (stockName === undefined) return price;
  names.remember(stockCode, stockName);
  return { ...price, stockName };
}
