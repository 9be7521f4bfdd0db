import type { Market, Quote, Stock } from './market.ts';

/** A stock with its quote. */
export interface Standing {
  readonly stock: Stock;
  readonly quote: Quote;
}

/** All stocks at one moment, in the market's order. */
export type Snapshots = (nowMs: number) => readonly Standing[];

/** Keeps the last one, since prices stand still for a step and thousands of them are read for it. */
export function createSnapshots(market: Market): Snapshots {
  const stocks = market.symbols.map(({ code }) => market.find(code)).filter((stock) => stock !== undefined);
  let last: readonly Standing[] = [];
  return (nowMs) => {
    const [first] = stocks;
    if (!first) return [];
    const { day, step, phase } = market.quote(first, nowMs);
    const then = last[0]?.quote;
    if (then?.day !== day || then.step !== step || then.phase !== phase) {
      last = stocks.map((stock) => ({ stock, quote: market.quote(stock, nowMs) }));
    }
    return last;
  };
}
