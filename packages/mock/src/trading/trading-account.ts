import type { Market, Quote } from '../market/market.ts';
import { tickNear } from '../market/ticks.ts';
import { holdingsOf } from './holdings.ts';
import { limitOf, matchAtOnce, matchUntil } from './matching.ts';
import { type Fill, type Order, type OrderRequest, openQuantity } from './order.ts';
import { cashAfter } from './settlement.ts';
import { type Moment, momentOf } from './trading-hours.ts';

/** Why an order is not taken. */
export type Refusal =
  | Exclude<Moment['phase'], 'trading' | 'auction'>
  | 'no-quantity'
  | 'beyond-limits'
  | 'off-tick'
  | 'too-little-cash'
  | 'too-few-shares'
  | 'shares-promised'
  | 'more-than-open';

/** What is changed of an order. */
interface OrderChange extends Pick<OrderRequest, 'kind' | 'price'> {
  /** Undefined: all that is open. */
  readonly quantity: number | undefined;
}

/** One account's orders and what became of them; every answer is as of the moment given. Orders do not move the market. */
export interface TradingAccount {
  /** Before any trade, in won. */
  readonly cash: number;
  place(request: OrderRequest, nowMs: number): Order | Refusal;
  /** The new order that takes over the shares. */
  modify(original: Order, change: OrderChange, nowMs: number): Order | Refusal;
  /** Undefined: all that is open. */
  cancel(original: Order, quantity: number | undefined, nowMs: number): Order | Refusal;
  /** Oldest first. */
  orders(nowMs: number): readonly Order[];
  /** Oldest first. */
  fills(nowMs: number): readonly Fill[];
  /** Won that are neither spent nor promised to open orders. */
  orderableCash(nowMs: number): number;
  /** Shares of a stock that no open order is selling. */
  orderableShares(code: string, nowMs: number): number;
}

export function createTradingAccount(market: Market, cash: number): TradingAccount {
  const all: Order[] = [];

  let latestMs = Number.NEGATIVE_INFINITY;

  /** Here time never goes back, whatever the clock does: no share is sold before it was bought. */
  const settle = (nowMs: number): Moment => {
    latestMs = Math.max(latestMs, nowMs);
    const moment = momentOf(latestMs);
    for (const order of all) matchUntil(order, moment);
    return moment;
  };

  const fills = (nowMs: number): readonly Fill[] => {
    settle(nowMs);
    return all.flatMap((order) => order.fills).sort((a, b) => a.day - b.day || a.ofDayMs - b.ofDayMs);
  };

  const sharesHeld = (code: string, nowMs: number): number =>
    holdingsOf(fills(nowMs)).find(({ stock }) => stock.symbol.code === code)?.quantity ?? 0;

  const orderableShares = (code: string, nowMs: number): number => {
    const held = sharesHeld(code, nowMs);
    const selling = all.filter(({ side, stock }) => side === 'sell' && stock.symbol.code === code);
    return selling.reduce((sum, order) => sum - openQuantity(order), held);
  };

  const orderableCash = (nowMs: number): number => {
    const after = cashAfter(cash, fills(nowMs));
    const buying = all.filter((order) => order.side === 'buy' && openQuantity(order) > 0);
    return buying.reduce((sum, order) => sum - openQuantity(order) * worstPrice(order, market, nowMs), after);
  };

  /** Whether it can be paid for or delivered, with what the order that it takes over has promised. */
  const shortage = (
    { stock, side, quantity }: OrderRequest,
    limit: number | undefined,
    original: Order | undefined,
    nowMs: number,
  ): Refusal | undefined => {
    if (side === 'buy') {
      const { upperLimit } = market.quote(stock, nowMs);
      const freed = original ? quantity * (original.limit ?? upperLimit) : 0;
      return quantity * (limit ?? upperLimit) > orderableCash(nowMs) + freed ? 'too-little-cash' : undefined;
    }
    const { code } = stock.symbol;
    if (original || quantity <= orderableShares(code, nowMs)) return undefined;
    return quantity > sharesHeld(code, nowMs) ? 'too-few-shares' : 'shares-promised';
  };

  const add = (order: Omit<Order, 'number' | 'fills' | 'day' | 'ofDayMs' | 'seenStep'>, moment: Moment): Order => {
    const { day, ofDayMs, step } = moment;
    const added = { ...order, number: all.length + 1, day, ofDayMs, fills: [], seenStep: step };
    all.push(added);
    return added;
  };

  /** A new order, or one that takes over shares of another. */
  const enter = (
    request: OrderRequest,
    original: Order | undefined,
    moment: Moment,
    nowMs: number,
  ): Order | Refusal => {
    const quote = market.quote(request.stock, nowMs);
    const limit = limitOf(request, quote);
    const refusal = priceRefusal(request, quote) ?? shortage(request, limit, original, nowMs);
    if (refusal) return refusal;

    const { price: _, ...asked } = request;
    if (original) original.cancelled += request.quantity;
    const order = add({ ...asked, action: original ? 'modify' : 'place', original, limit, cancelled: 0 }, moment);
    if (moment.phase === 'trading') matchAtOnce(order, quote, moment);
    if (order.kind.stays !== 'day') order.cancelled = openQuantity(order);
    return order;
  };

  /** How many of the open shares are meant. */
  const meant = (original: Order, quantity: number | undefined, { phase }: Moment): number | Refusal => {
    if (phase !== 'trading' && phase !== 'auction') return phase;
    const open = openQuantity(original);
    if (quantity === 0) return 'no-quantity';
    return open === 0 || (quantity ?? 0) > open ? 'more-than-open' : (quantity ?? open);
  };

  return {
    cash,
    place(request, nowMs) {
      const moment = settle(nowMs);
      if (moment.phase !== 'trading' && moment.phase !== 'auction') return moment.phase;
      return request.quantity === 0 ? 'no-quantity' : enter(request, undefined, moment, nowMs);
    },
    modify(original, change, nowMs) {
      const moment = settle(nowMs);
      const quantity = meant(original, change.quantity, moment);
      if (typeof quantity === 'string') return quantity;
      const { stock, side, exchange } = original;
      return enter({ stock, side, exchange, ...change, quantity }, original, moment, nowMs);
    },
    cancel(original, given, nowMs) {
      const moment = settle(nowMs);
      const quantity = meant(original, given, moment);
      if (typeof quantity === 'string') return quantity;
      original.cancelled += quantity;
      const { stock, side, kind, exchange, limit } = original;
      return add(
        { stock, side, kind, exchange, limit, quantity, action: 'cancel', original, cancelled: quantity },
        moment,
      );
    },
    orders(nowMs) {
      settle(nowMs);
      return all;
    },
    fills,
    orderableCash,
    orderableShares,
  };
}

/** What a share of a buy may cost in the end. */
function worstPrice({ stock, limit }: Order, market: Market, nowMs: number): number {
  return limit ?? market.quote(stock, nowMs).upperLimit;
}

function priceRefusal({ kind, price }: OrderRequest, quote: Quote): Refusal | undefined {
  if (kind.pricing !== 'limit') return undefined;
  if (price < quote.lowerLimit || price > quote.upperLimit) return 'beyond-limits';
  return tickNear(price) === price ? undefined : 'off-tick';
}
