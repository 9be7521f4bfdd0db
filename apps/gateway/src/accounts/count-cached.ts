import type { BatchItem, CurrentPrice, KisClient } from '@kis/client';

interface Answer {
  readonly cachedAtMs?: number | undefined;
}

/**
 * The same client, of whose answers that may be kept `note` hears whether they were. Not of `getCurrentPrices`: the board of
 * our own page reads by it, more seldom than a price is kept, and would tell of who looks at it and not of who asks.
 */
export function countCached(client: KisClient, note: (isHit: boolean) => void): KisClient {
  function noted<T extends Answer>(answer: T): T {
    note(answer.cachedAtMs !== undefined);
    return answer;
  }

  async function* notedItems(items: AsyncIterable<BatchItem<CurrentPrice>>): AsyncGenerator<BatchItem<CurrentPrice>> {
    for await (const item of items) {
      if (item.value !== undefined) noted(item.value);
      yield item;
    }
  }

  return {
    ...client,
    getCurrentPrice: async (...given) => noted(await client.getCurrentPrice(...given)),
    getOrderBook: async (...given) => noted(await client.getOrderBook(...given)),
    getStockInfo: async (...given) => noted(await client.getStockInfo(...given)),
    async getChart(...given) {
      const candles = await client.getChart(...given);
      note(candles[0]?.cachedAtMs !== undefined);
      return candles;
    },
    streamCurrentPrices: (...given) => notedItems(client.streamCurrentPrices(...given)),
  };
}
