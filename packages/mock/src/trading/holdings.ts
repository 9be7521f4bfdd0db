import type { Stock } from '../market/market.ts';
import type { Fill, Side } from './order.ts';

/** The shares of one stock that an account holds or has just sold. */
export interface Holding {
  readonly stock: Stock;
  readonly quantity: number;
  /** What these shares cost, in won, by their average price. */
  readonly cost: number;
  /** The day of the last sale. */
  readonly soldDay: number | undefined;
}

/** What a row of fills leads to, by code; stocks that were sold out stay with no shares. */
export function holdingsOf(fills: readonly Fill[]): readonly Holding[] {
  const holdings = new Map<string, Holding>();
  for (const { stock, side, quantity, price, day } of fills) {
    const held = holdings.get(stock.symbol.code) ?? { stock, quantity: 0, cost: 0, soldDay: undefined };
    const rest = held.quantity - quantity;
    holdings.set(
      stock.symbol.code,
      side === 'buy'
        ? { ...held, quantity: held.quantity + quantity, cost: held.cost + quantity * price }
        : { ...held, quantity: rest, cost: Math.round((held.cost * rest) / held.quantity), soldDay: day },
    );
  }
  return Array.from(holdings.values()).sort((a, b) => (a.stock.symbol.code < b.stock.symbol.code ? -1 : 1));
}

/** What was bought or sold on a day: shares, and won. */
export function tradedOn(
  fills: readonly Fill[],
  side: Side,
  day: number,
): { readonly quantity: number; readonly amount: number } {
  const traded = { quantity: 0, amount: 0 };
  for (const fill of fills) {
    if (fill.side !== side || fill.day !== day) continue;
    traded.quantity += fill.quantity;
    traded.amount += fill.quantity * fill.price;
  }
  return traded;
}
