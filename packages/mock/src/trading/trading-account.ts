import type { Market, Quote, Stock } from '../market/market.ts';
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
  | 'no-market-orders'
  | 'too-little-cash'
  | 'too-few-shares'
  | 'shares-promised'
  | 'more-than-open';

/** What is changed of an order. */
interface OrderChange extends Pick<OrderRequest, 'kind' | 'price'> {
  /** Undefined: all that is open. */
  readonly quantity: number | undefined;
}

/** One account's orders and what became of them, as of the moment that it was settled at. Orders do not move the market. */
export interface TradingAccount {
  /** Before any trade, in won. */
  readonly cash: number;
  /** Lets the market come to all that waits. The moment as of which everything is told from now on: here time never goes back. */
  settle(nowMs: number): number;
  place(request: OrderRequest): Order | Refusal;
  /** The new order that takes over the shares. */
  modify(original: Order, change: OrderChange): Order | Refusal;
  /** Undefined: all that is open. */
  cancel(original: Order, quantity: number | undefined): Order | Refusal;
  /** Oldest first. */
  orders(): readonly Order[];
  /** Oldest first. */
  fills(): readonly Fill[];
  /** Won that are neither spent nor promised to open orders. */
  orderableCash(): number;
  /** Shares of a stock that open orders are selling. */
  promisedShares(code: string): number;
}

export function createTradingAccount(market: Market, cash: number): TradingAccount {
  const all: Order[] = [];
  /** Those that may have something open. */
  let waiting: Order[] = [];

  let settledMs = Number.NEGATIVE_INFINITY;
  const quoteOf = (stock: Stock): Quote => market.quote(stock, settledMs);

  const fills = (): readonly Fill[] =>
    all.flatMap((order) => order.fills).sort((a, b) => a.day - b.day || a.ofDayMs - b.ofDayMs);

  const promisedShares = (code: string): number => {
    const selling = waiting.filter(({ side, stock }) => side === 'sell' && stock.symbol.code === code);
    return selling.reduce((sum, order) => sum + openQuantity(order), 0);
  };

  /** What a share of a buy may cost in the end. */
  const worstPrice = ({ stock, limit }: Pick<Order, 'stock' | 'limit'>): number => limit ?? quoteOf(stock).upperLimit;

  const orderableCash = (): number => {
    const buying = waiting.filter((order) => order.side === 'buy' && openQuantity(order) > 0);
    return buying.reduce((sum, order) => sum - openQuantity(order) * worstPrice(order), cashAfter(cash, fills()));
  };

  /** Whether it can be paid for or delivered, with what the order that it takes over has promised. */
  const shortage = (
    { stock, side, quantity }: OrderRequest,
    limit: number | undefined,
    original: Order | undefined,
  ): Refusal | undefined => {
    if (side === 'buy') {
      const freed = original ? quantity * worstPrice(original) : 0;
      return quantity * worstPrice({ stock, limit }) > orderableCash() + freed ? 'too-little-cash' : undefined;
    }
    if (original) return undefined;
    const { code } = stock.symbol;
    const held = holdingsOf(fills()).find((holding) => holding.stock === stock)?.quantity ?? 0;
    if (quantity <= held - promisedShares(code)) return undefined;
    return quantity > held ? 'too-few-shares' : 'shares-promised';
  };

  const add = (order: Omit<Order, 'number' | 'fills' | 'day' | 'ofDayMs' | 'seenStep'>, moment: Moment): Order => {
    const { day, ofDayMs, step } = moment;
    const added = { ...order, number: all.length + 1, day, ofDayMs, fills: [], seenStep: step };
    all.push(added);
    waiting.push(added);
    return added;
  };

  /** A new order, or one that takes over shares of another. */
  const enter = (request: OrderRequest, original: Order | undefined, moment: Moment): Order | Refusal => {
    const quote = quoteOf(request.stock);
    const limit = limitOf(request, quote);
    const refusal = kindRefusal(request) ?? priceRefusal(request, quote) ?? shortage(request, limit, original);
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
    settle(nowMs) {
      settledMs = Math.max(settledMs, nowMs);
      const moment = momentOf(settledMs);
      waiting = waiting.filter((order) => openQuantity(order) > 0);
      for (const order of waiting) matchUntil(order, moment);
      return settledMs;
    },
    place(request) {
      const moment = momentOf(settledMs);
      if (moment.phase !== 'trading' && moment.phase !== 'auction') return moment.phase;
      return request.quantity === 0 ? 'no-quantity' : enter(request, undefined, moment);
    },
    modify(original, change) {
      const moment = momentOf(settledMs);
      const quantity = meant(original, change.quantity, moment);
      if (typeof quantity === 'string') return quantity;
      const { stock, side, exchange } = original;
      return enter({ stock, side, exchange, ...change, quantity }, original, moment);
    },
    cancel(original, given) {
      const moment = momentOf(settledMs);
      const quantity = meant(original, given, moment);
      if (typeof quantity === 'string') return quantity;
      original.cancelled += quantity;
      const { stock, side, kind, exchange, limit } = original;
      return add(
        { stock, side, kind, exchange, limit, quantity, action: 'cancel', original, cancelled: quantity },
        moment,
      );
    },
    orders: () => all,
    fills,
    orderableCash,
    promisedShares,
  };
}

/** Nextrade has no market orders that wait. */
function kindRefusal({ kind, exchange }: OrderRequest): Refusal | undefined {
  return exchange === 'NXT' && kind.code === '01' ? 'no-market-orders' : undefined;
}

function priceRefusal({ kind, price }: OrderRequest, quote: Quote): Refusal | undefined {
  if (kind.pricing !== 'limit') return undefined;
  if (price < quote.lowerLimit || price > quote.upperLimit) return 'beyond-limits';
  return tickNear(price) === price ? undefined : 'off-tick';
}
