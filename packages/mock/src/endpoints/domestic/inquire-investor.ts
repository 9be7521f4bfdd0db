import { dateOf, FIRST_DAY } from '../../market/calendar.ts';
import { type Dealings, investorsOf, netOf } from '../../market/investors.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import type { Candle } from '../../market/session.ts';
import type { Endpoint } from '../endpoint.ts';
import { signOf, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';

const MAX_ROWS = 30;

/** 주식현재가 투자자: the last 30 days; what was dealt today is not told before the close. */
export function createInquireInvestor(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-investor',
    trId: 'FHKST01010900',
    outputs: (stock, quote, _asked, { nowMs }) => {
      const isSettled = quote.phase === 'closed';
      const days = market.chart(stock, nowMs, {
        fromDay: FIRST_DAY,
        toDay: isSettled ? quote.day : quote.day - 1,
        period: 'D',
        original: false,
        maxRows: isSettled ? MAX_ROWS : MAX_ROWS - 1,
      });
      const settled = days.map((candle) => dayFields(stock, candle));
      return { output: isSettled ? settled : [unsettled(stock, quote), ...settled] };
    },
  });
}

function dayFields(stock: Stock, candle: Candle): Fields {
  const { persons, foreigners, institutions } = investorsOf(stock, candle);
  const inTurn = { prsn: persons, frgn: foreigners, orgn: institutions };
  const averagePrice = candle.tradingValue / candle.volume;
  /** In millions of won. */
  const value = (shares: number): number => Math.round((shares * averagePrice) / 1_000_000);
  const each = (ending: string, of: (dealings: Dealings) => number): Fields =>
    Object.fromEntries(Object.entries(inTurn).map(([who, dealings]) => [`${who}_${ending}`, whole(of(dealings))]));
  const change = candle.closePrice - candle.previousClose;
  return {
    stck_bsop_date: dateOf(candle.day),
    stck_clpr: whole(candle.closePrice),
    prdy_vrss: whole(change),
    prdy_vrss_sign: signOf(change),
    ...each('ntby_qty', netOf),
    ...each('ntby_tr_pbmn', ({ bought, sold }) => value(bought) - value(sold)),
    ...each('shnu_vol', ({ bought }) => bought),
    ...each('shnu_tr_pbmn', ({ bought }) => value(bought)),
    ...each('seln_vol', ({ sold }) => sold),
    ...each('seln_tr_pbmn', ({ sold }) => value(sold)),
  };
}

/** Today's row until the close: the fields of any other day, with nothing in them but the price. */
function unsettled(stock: Stock, { day, price, previous }: Quote): Fields {
  const nothing = Object.keys(dayFields(stock, previous)).map((name) => [name, '']);
  return {
    ...Object.fromEntries(nothing),
    stck_bsop_date: dateOf(day),
    stck_clpr: whole(price),
    prdy_vrss: '0',
    prdy_vrss_sign: '0',
  };
}
