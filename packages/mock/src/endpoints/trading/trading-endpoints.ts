import type { Market } from '../../market/market.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import type { Endpoint } from '../endpoint.ts';
import { createInquireBalance } from './inquire-balance.ts';
import { createInquireDailyCcld } from './inquire-daily-ccld.ts';
import { createInquirePsblOrder } from './inquire-psbl-order.ts';
import { createOrderCash } from './order-cash.ts';
import { createOrderRvsecncl } from './order-rvsecncl.ts';

/** Orders on the Korean exchange, and the account that they change. */
export function createTradingEndpoints(market: Market, brokerage: Brokerage): readonly Endpoint[] {
  return [
    createOrderCash(market, brokerage),
    createOrderRvsecncl(brokerage),
    createInquireBalance(market, brokerage),
    createInquirePsblOrder(market, brokerage),
    createInquireDailyCcld(brokerage),
  ];
}
