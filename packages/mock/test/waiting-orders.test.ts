import { describe, expect, test } from 'vitest';
import { dayOf } from '../src/market/calendar.ts';
import { createMarket } from '../src/market/market.ts';

const TRADING_STEPS = 380 * 12;

describe('the first step at which a price is met', () => {
  test('is what looking at every step would find', () => {
    const market = createMarket({ symbols: 40, seed: 11 });
    const day = dayOf('20261120') ?? 0;
    let found = 0;
    for (const [n, { code }] of market.symbols.entries()) {
      const walk = market.find(code)?.walk;
      if (!walk) throw new Error(code);
      const from = (n * 997) % TRADING_STEPS;
      const prices = Array.from({ length: TRADING_STEPS }, (_, step) => walk.priceAt(day, step));
      const { lowPrice, highPrice } = walk.candle(day);
      for (let share = -0.1; share <= 1.1; share += 0.1) {
        const limit = lowPrice + (highPrice - lowPrice) * share;
        for (const [low, high] of [
          [0, limit],
          [limit, Number.POSITIVE_INFINITY],
        ] as const) {
          const met = prices.findIndex((price, step) => step >= from && price >= low && price <= high);
          expect(walk.firstWithin(day, from, 5_000, low, high)).toBe(met < 0 ? undefined : met);
          expect(walk.firstWithin(day, from, met - 1, low, high)).toBe(undefined);
          if (met > from) found += 1;
        }
      }
    }
    expect(found).toBeGreaterThan(100);
  });
});
