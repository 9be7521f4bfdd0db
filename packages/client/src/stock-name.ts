import { readBlock } from './blocks.ts';
import type { CurrentPrice } from './current-price.ts';
import { requestDailyChart } from './daily-chart.ts';
import { koreanDate } from './korean-time.ts';
import type { Names } from './names.ts';
import type { QuoteSource } from './quote-source.ts';
import type { QuoteOptions } from './request.ts';

export interface PriceOptions extends QuoteOptions {
  /** Asks KIS for the stock's name where no answer has told it yet, which takes one call more. Default false. */
  readonly withName?: boolean | undefined;
}

/** The price, with the stock's name where that is known, which is then known of all. */
export function nameFromKnown(names: Names, price: CurrentPrice): CurrentPrice {
  const { stockCode, stockName = names.get(stockCode) } = price;
  if (stockName === undefined) return price;
  names.remember(stockCode, stockName);
  return { ...price, stockName };
}

/** As above; or, where that is asked for, by a call. */
export async function addStockName(
  source: QuoteSource,
  price: CurrentPrice,
  { withName = false, signal }: PriceOptions = {},
): Promise<CurrentPrice> {
  const { request, names, nowMs } = source;
  const named = nameFromKnown(names, price);
  if (named.stockName !== undefined || !withName) return named;
  // The only call that tells it on both hosts.
  const page = { period: 'day', adjusted: true, lastDate: koreanDate(nowMs()), signal } as const;
  const chart = await requestDailyChart(request, price.stockCode, page);
  const stockName = readBlock(chart, 'output1', {}).optionalText('hts_kor_isnm');
  return nameFromKnown(names, { ...price, stockName });
}
