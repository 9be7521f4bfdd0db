import { createCachedKind } from '../cache/cached-kind.ts';
import { chartName } from '../cache/chart-name.ts';
import { priceName, priceNames } from '../cache/price-name.ts';
import type { Candle } from '../candle.ts';
import type { ChartOptions } from '../chart.ts';
import type { CurrentPrice } from '../current-price.ts';
import { nameFromKnown, type PriceOptions } from '../stock-name.ts';
import { ofCharts } from './charts.ts';
import { checkCodes } from './check-codes.ts';
import { type BatchOptions, type BatchResult, collect } from './collect.ts';
import type { BatchItem } from './item.ts';
import type { Codes } from './kind.ts';
import { ofPrices } from './prices.ts';
import { type BatchSource, createStream, type StreamOptions } from './stream.ts';

/** What a client does with many codes. */
export interface Batches {
  /**
   * Prices, each code asked about once. No code's error is another's, so that it rejects for bad options alone; an abort, or an
   * error that every code would meet, ends it early with what there is: see `stoppedBy`.
   */
  getCurrentPrices(codes: Iterable<string>, options?: BatchOptions & PriceOptions): Promise<BatchResult<CurrentPrice>>;
  /** Charts in the same way. */
  getCharts(codes: Iterable<string>, options: BatchOptions & ChartOptions): Promise<BatchResult<Candle[]>>;
  /**
   * Prices of more codes than fit into memory, or of codes without an end: an item for each code that is given, as it comes. It
   * asks no faster than its items are read, and a `break` ends its calls. It throws what ends it early: `signal.reason`, or an
   * error that every code would meet.
   */
  streamCurrentPrices(codes: Codes, options?: StreamOptions & PriceOptions): AsyncIterable<BatchItem<CurrentPrice>>;
  /** Charts in the same way. */
  streamCharts(codes: Codes, options: StreamOptions & ChartOptions): AsyncIterable<BatchItem<Candle[]>>;
}

export function createBatches(source: BatchSource): Batches {
  const { cache, names } = source;
  const prices = (options: PriceOptions) =>
    createCachedKind(cache, 'price', ofPrices(options), {
      fresh: options.fresh,
      namesOf: priceNames,
      nameOf: priceName,
      take(kept) {
        // The newest, with the name that another one tells.
        const price = kept.map((it) => nameFromKnown(names, it)).at(-1);
        return price?.stockName === undefined && options.withName ? undefined : price;
      },
    });
  const charts = (options: ChartOptions) =>
    createCachedKind(cache, 'chart', ofCharts(options), {
      fresh: options.fresh,
      namesOf: (code) => [chartName(code, options)],
    });

  return {
    getCurrentPrices: async (codes, options = {}) => collect(source, prices(options), checkCodes(codes), options),
    getCharts: async (codes, options) => collect(source, charts(options), checkCodes(codes), options),
    streamCurrentPrices: (codes, options = {}) =>
      createStream(source, prices(options), checkCodes(codes), pick(options)),
    streamCharts: (codes, options) => createStream(source, charts(options), checkCodes(codes), pick(options)),
  };
}

const pick = ({ concurrency, signal }: StreamOptions): StreamOptions => ({ concurrency, signal });
