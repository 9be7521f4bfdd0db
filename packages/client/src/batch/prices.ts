import { type CurrentPrice, getCurrentPrice } from '../current-price.ts';
import type { QuoteSource } from '../quote-source.ts';
import { isAnswer } from '../refusals.ts';
import { isStockCode } from '../stock-code.ts';
import { addStockName, type PriceOptions } from '../stock-name.ts';
import type { BatchItem } from './item.ts';
import type { Job } from './jobs.ts';
import type { IsEnd, Kind } from './kind.ts';
import { mostPerCall, readPrices, requestPrices } from './multi-price.ts';
import { createSingle } from './single.ts';

type PriceJob = Job<BatchItem<CurrentPrice>>;

/** Prices: thirty to a call where KIS offers that, else one. */
export function ofPrices({ withName }: PriceOptions): Kind<CurrentPrice> {
  return {
    async *blocks(environment, codes) {
      let block: string[] = [];
      for await (const code of codes) {
        if (isAlone(environment, code)) {
          yield [code];
          continue;
        }
        if (block.includes(code)) {
          yield block;
          block = [];
        }
        if (block.push(code) === mostPerCall) {
          yield block;
          block = [];
        }
      }
      if (block.length > 0) yield block;
    },
    createAsk(source, isEnd) {
      const single = createSingle(isEnd, async (code, signal) => {
        const price = await getCurrentPrice(source.request, code, { signal });
        return addStockName(source, price, { withName, signal });
      });
      return (block) => {
        const [code = ''] = block;
        return isAlone(source.environment, code) ? single(code) : createSeveral(source, isEnd, block, single);
      };
    },
    callsEach(environment) {
      if (environment === 'real') return 1 / mostPerCall;
      return withName ? 2 : 1;
    },
  };
}

function isAlone(environment: QuoteSource['environment'], code: string): boolean {
  return environment === 'virtual' || !isStockCode(code);
}

function createSeveral(
  source: QuoteSource,
  isEnd: IsEnd,
  block: readonly string[],
  single: (code: string) => PriceJob,
): PriceJob {
  const { request, names } = source;
  return async (signal) => {
    try {
      const items = readPrices(await requestPrices(request, block, { signal }), block);
      for (const { code, value } of items) if (value?.stockName) names.remember(code, value.stockName);
      const told = new Set(items.map(({ code }) => code));
      return { items, jobs: block.filter((code) => !told.has(code)).map(single) };
    } catch (error) {
      if (isEnd(error, signal)) throw error;
      // One odd code is enough to have all of them refused.
      if (isAnswer(error)) return { items: [], jobs: block.map(single) };
      return { items: block.map((code) => ({ code, error })) };
    }
  };
}
