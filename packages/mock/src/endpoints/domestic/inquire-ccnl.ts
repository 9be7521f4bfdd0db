import type { Market, Quote, Stock } from '../../market/market.ts';
import { wave } from '../../market/noise.ts';
import { type Trade, tradesOf } from '../../market/trades.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signToday, timeOfDay, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';

const MAX_ROWS = 30;

/** 주식현재가 체결: the last trades of today, or of the last session where today has none. */
export function createInquireCcnl(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-ccnl',
    trId: 'FHKST01010300',
    outputs: (stock, quote) => ({
      output: tradesOf(stock, quote, MAX_ROWS).map((trade) => tradeFields(stock, quote, trade)),
    }),
  });
}

function tradeFields({ seed }: Stock, quote: Quote, { step, ofDayMs, price, volume }: Trade): Fields {
  return {
    stck_cntg_hour: timeOfDay(ofDayMs),
    stck_prpr: whole(price),
    prdy_vrss: whole(price - quote.basePrice),
    prdy_vrss_sign: signToday(price, quote),
    cntg_vol: whole(volume),
    tday_rltv: decimal(100 + 40 * wave(seed ^ quote.day, 13, step, 240)),
    prdy_ctrt: percentAbove(price, quote.basePrice),
  };
}
