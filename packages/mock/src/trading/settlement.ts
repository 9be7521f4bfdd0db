import type { Fill } from './order.ts';
import { sessionAfter } from './trading-hours.ts';

/** The day on which money and shares of a trade change hands: the second session after it. */
export function settlementDay(tradeDay: number): number {
  return sessionAfter(sessionAfter(tradeDay));
}

/** Won that a fill brings; negative for what it takes. */
export function moneyOf({ side, quantity, price }: Fill): number {
  return side === 'buy' ? -quantity * price : quantity * price;
}

/** The deposit once all of it is settled. */
export function cashAfter(cash: number, fills: readonly Fill[]): number {
  return fills.reduce((sum, fill) => sum + moneyOf(fill), cash);
}

/** The deposit after all that is settled by this day. */
export function depositOn(day: number, cash: number, fills: readonly Fill[]): number {
  return cashAfter(
    cash,
    fills.filter((fill) => settlementDay(fill.day) <= day),
  );
}
