import { ofCharts } from '../batch/charts.ts';
import type { Kind } from '../batch/kind.ts';
import { blocksOfOne, createSingle } from '../batch/single.ts';
import { type BatchSource, createStream } from '../batch/stream.ts';
import { type CurrentPrice, getCurrentPrice } from '../current-price.ts';
import type { QuoteSource } from '../quote-source.ts';
import { getStockInfo, type StockInfo } from '../stock-info.ts';
import type { CachedType } from './cache-options.ts';
import { createCachedKind } from './cached-kind.ts';
import { chartName } from './chart-name.ts';
import type { WarmStream, WarmStreams } from './warm.ts';

/** The client's quotes, each as it is asked about alone: what is kept must do for that, too. */
export function createWarmStreams(source: BatchSource): WarmStreams {
  const { cache } = source;

  function stream<T extends object>(type: CachedType, kind: Kind<T>, nameOf = (code: string) => code): WarmStream {
    const namesOf = (code: string) => [nameOf(code)] as const;
    const kept = createCachedKind(cache, type, kind, { fresh: true, mustKeep: true, namesOf });
    return (codes, { signal }) => createStream(source, kept, codes, { signal });
  }

  return {
    price: cache.keeps('price') ? stream('price', prices) : undefined,
    chart: cache.keeps('chart')
      ? (codes, { chart = { period: 'day', count: 100 }, signal }) =>
          stream('chart', ofCharts(chart), (code) => chartName(code, chart))(codes, { signal })
      : undefined,
    info: cache.keeps('stockInfo') ? stream('stockInfo', stockInfos) : undefined,
  };
}

const prices: Kind<CurrentPrice> = {
  ...ofOne((source, code, signal) => getCurrentPrice(source.request, code, { signal })),
  callsEach: () => 1,
};

const stockInfos: Kind<StockInfo> = {
  ...ofOne((source, code, signal) => getStockInfo(source, code, { signal })),
  callsEach: (environment) => (environment === 'real' ? 1 : 2),
};

function ofOne<T>(
  ask: (source: QuoteSource, code: string, signal: AbortSignal) => Promise<T>,
): Pick<Kind<T>, 'blocks' | 'createAsk'> {
  return {
    blocks: (_, codes) => blocksOfOne(codes),
    createAsk(source, isEnd) {
      const single = createSingle<T>(isEnd, (code, signal) => ask(source, code, signal));
      return ([code = '']) => single(code);
    },
  };
}
