import type { Quote } from '../market/market.ts';
import { orderBook, totalOf } from '../market/order-book.ts';
import { type Order, type OrderRequest, openQuantity, type Side } from './order.ts';
import { CLOSING_STEP, type Moment, stepMs } from './trading-hours.ts';

/** The worst price that an order takes; undefined: any, or none that the book could name. */
export function limitOf(
  { stock, side, kind, price }: Omit<OrderRequest, 'quantity'>,
  quote: Quote,
): number | undefined {
  if (kind.pricing === 'limit') return price;
  if (kind.pricing === 'market') return undefined;
  const { asks, bids } = orderBook(stock, quote);
  const [level] = (kind.pricing === 'best') === (side === 'buy') ? asks : bids;
  return level?.price || undefined;
}

/** Takes what stands in the book, level by level, each at its price. */
export function matchAtOnce(order: Order, quote: Quote, moment: Moment): void {
  const { asks, bids } = orderBook(order.stock, quote);
  const offers = (order.side === 'buy' ? asks : bids).filter((level) => level.volume > 0 && takes(order, level.price));
  if (order.kind.stays === 'FOK' && totalOf(offers, 'volume') < order.quantity) return;
  for (const { price, volume } of offers) {
    const quantity = Math.min(volume, openQuantity(order));
    if (quantity > 0) fill(order, quantity, price, moment.ofDayMs);
  }
}

/** Lets the market come to a waiting order: at its limit while there is trading, at the close for what is left; then its time is up. */
export function matchUntil(order: Order, { day, step }: Moment): void {
  const until = day > order.day ? CLOSING_STEP : step;
  if (until <= order.seenStep) return;
  const { stock, side, limit } = order;
  const { walk } = stock;
  const [low, high] = side === 'buy' ? [0, limit ?? Number.POSITIVE_INFINITY] : [limit ?? 0, Number.POSITIVE_INFINITY];
  const met = walk.firstWithin(order.day, order.seenStep + 1, until, low, high);
  order.seenStep = until;
  if (met !== undefined) {
    fill(order, openQuantity(order), limit ?? walk.priceAt(order.day, met), stepMs(met));
    return;
  }
  if (until < CLOSING_STEP) return;
  const close = walk.close(order.day);
  if (takes(order, close)) fill(order, openQuantity(order), close, stepMs(CLOSING_STEP));
  else order.cancelled += openQuantity(order);
}

/** Whether a price is as good as the limit, or better. */
function takes({ side, limit }: { readonly side: Side; readonly limit: number | undefined }, price: number): boolean {
  return limit === undefined || (side === 'buy' ? price <= limit : price >= limit);
}

function fill(order: Order, quantity: number, price: number, ofDayMs: number): void {
  const { stock, side, day } = order;
  order.fills.push({ stock, side, quantity, price, day, ofDayMs });
}
