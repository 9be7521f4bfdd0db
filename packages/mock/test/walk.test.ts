import { describe, expect, test } from 'vitest';
import { dayOf } from '../src/market/calendar.ts';
import { createMarket, type Stock } from '../src/market/market.ts';

const DAY = dayOf('20261120') ?? 0;
const CLOSE = 390 * 12;

/** Each time anew, so that nothing was looked at before. */
function fresh(index: number): Stock {
  const market = createMarket({ symbols: 60, seed: 5 });
  const stock = market.find(market.symbols[index]?.code ?? '');
  if (!stock) throw new Error(String(index));
  return stock;
}

describe('a session', () => {
  test('is the same whether it was looked at all the time, now and then, or never', () => {
    for (const index of [0, 7, 23, 59]) {
      const { walk } = fresh(index);
      for (const stride of [1, 37, 381]) {
        for (let step = 0; step <= CLOSE; step += stride) walk.candle(DAY, step);
      }
      for (let step = 0; step <= CLOSE + 13; step += 97) {
        const known = Math.min(step, CLOSE);
        expect(walk.candle(DAY, known)).toEqual(fresh(index).walk.candle(DAY, known));
      }
    }
  });

  test('has as its highest and lowest price those of its steps, at every moment', () => {
    for (const index of [0, 31]) {
      const { walk } = fresh(index);
      let [high, low] = [0, Number.POSITIVE_INFINITY];
      for (let step = 0; step <= CLOSE; step++) {
        const price = walk.priceAt(DAY, step);
        [high, low] = [Math.max(high, price), Math.min(low, price)];
        const { highPrice, lowPrice, closePrice } = walk.candle(DAY, step);
        expect([step, highPrice, lowPrice, closePrice]).toEqual([step, high, low, price]);
      }
      expect(walk.candle(DAY)).toMatchObject({ highPrice: high, lowPrice: low });
    }
  });
});
