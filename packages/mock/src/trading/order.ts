import type { Stock } from '../market/market.ts';
import type { OrderKind } from './order-kinds.ts';

export type Side = 'buy' | 'sell';

/** Shares that have changed hands. */
export interface Fill {
  readonly stock: Stock;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  readonly day: number;
  /** From midnight in Korea. */
  readonly ofDayMs: number;
}

/** What somebody wants to trade. */
export interface OrderRequest {
  readonly stock: Stock;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly quantity: number;
  /** In won; of no account where the kind finds its own price. */
  readonly price: number;
  /** KIS: `EXCG_ID_DVSN_CD`. */
  readonly exchange: string;
}

/** An order as it was placed, modified or called off, and what became of it. */
export interface Order extends Omit<OrderRequest, 'price'> {
  /** Counts from 1 in each account. */
  readonly number: number;
  readonly action: 'place' | 'modify' | 'cancel';
  /** The order that this one modifies or cancels. */
  readonly original: Order | undefined;
  /** The worst price that it takes; undefined: any. */
  readonly limit: number | undefined;
  readonly day: number;
  /** From midnight in Korea. */
  readonly ofDayMs: number;
  readonly fills: Fill[];
  /** How many shares were taken out of it: called off, moved to another order, or left over when its time was up. */
  cancelled: number;
  /** The step of the session up to which the market has been looked at. */
  seenStep: number;
}

/** How many shares it has got. */
export function filledQuantity({ fills }: Order): number {
  return fills.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** What they cost, in won. */
export function filledAmount({ fills }: Order): number {
  return fills.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}

/** How many shares it still waits for. */
export function openQuantity(order: Order): number {
  return order.quantity - filledQuantity(order) - order.cancelled;
}
