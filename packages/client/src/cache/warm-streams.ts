import type { Batches } from '../batch/batches.ts';
import type { Kind } from '../batch/kind.ts';
import { blocksOfOne, createSingle } from '../batch/single.ts';
import { type BatchSource, createStream } from '../batch/stream.ts';
import { getStockInfo, type StockInfo } from '../stock-info.ts';
import { createCachedKind } from './cached-kind.ts';
import type { WarmStreams } from './warm.ts';

/** The client's batches, of what its cache keeps. */
export function createWarmStreams(source: BatchSource, batches: Batches): WarmStreams {
  const { cache } = source;
  const streams: WarmStreams = {
    price: (codes, { signal }) => batches.streamCurrentPrices(codes, { signal, fresh: true }),
    chart: (codes, { signal, chart = { period: 'day', count: 100 } }) =>
      batches.streamCharts(codes, { ...chart, signal, fresh: true }),
    info: (codes, { signal }) =>
      createStream(source, createCachedKind(cache, 'stockInfo', stockInfos, { fresh: true }), codes, { signal }),
  };
  return {
    price: cache.keeps('price') ? streams.price : undefined,
    chart: cache.keeps('chart') ? streams.chart : undefined,
    info: cache.keeps('stockInfo') ? streams.info : undefined,
  };
}

const stockInfos: Kind<StockInfo> = {
  blocks: (_, codes) => blocksOfOne(codes),
  createAsk(source, isEnd) {
    const single = createSingle(isEnd, (code, signal) => getStockInfo(source, code, { signal }));
    return ([code = '']) => single(code);
  },
  callsEach: (environment) => (environment === 'real' ? 1 : 2),
};
