import type { Quote } from '../market/market.ts';
import { orderBook } from '../market/order-book.ts';
import { type Order, type OrderRequest, openQuantity, type Side } from './order.ts';
import { AUCTION_STEP, CLOSING_STEP, type Moment, stepMs } from './trading-hours.ts';

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

/** Takes what stands in the book: of orders with a limit no more than is there, of others all at the best price. */
export function matchAtOnce(order: Order, quote: Quote, moment: Moment): void {
  const { asks, bids } = orderBook(order.stock, quote);
  const offers = (order.side === 'buy' ? asks : bids).filter(({ price, volume }) => volume > 0 && takes(order, price));
  const [best] = offers;
  const depth = offers.reduce((sum, { volume }) => sum + volume, 0);
  const quantity = order.limit === undefined ? order.quantity : Math.min(order.quantity, depth);
  if (!best || (order.kind.stays === 'FOK' && quantity < order.quantity)) return;
  fill(order, quantity, best.price, moment.ofDayMs);
}

/** Lets the market come to a waiting order: at its limit while there is trading, at the close for what is left; then its time is up. */
export function matchUntil(order: Order, { day, step }: Moment): void {
  if (day < order.day) return;
  const until = day > order.day ? CLOSING_STEP : step;
  while (openQuantity(order) > 0) {
    const next = order.seenStep + 1 < AUCTION_STEP ? order.seenStep + 1 : CLOSING_STEP;
    if (next > until) return;
    order.seenStep = next;
    const price = order.stock.walk.priceAt(order.day, next);
    const isClose = next === CLOSING_STEP;
    if (takes(order, price)) fill(order, openQuantity(order), isClose ? price : (order.limit ?? price), stepMs(next));
    else if (isClose) order.cancelled += openQuantity(order);
  }
}

/** Whether a price is as good as the limit, or better. */
function takes({ side, limit }: { readonly side: Side; readonly limit: number | undefined }, price: number): boolean {
  return limit === undefined || (side === 'buy' ? price <= limit : price >= limit);
}

function fill(order: Order, quantity: number, price: number, ofDayMs: number): void {
  const { stock, side, day } = order;
  order.fills.push({ stock, side, quantity, price, day, ofDayMs });
}
