import { dateOf, FIRST_DAY } from '../../market/calendar.ts';
import { fundamentalsOf } from '../../market/fundamentals.ts';
import { investorsOf, netOf } from '../../market/investors.ts';
import type { Market, Stock } from '../../market/market.ts';
import type { Candle } from '../../market/session.ts';
import { invalidParam } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signOf, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';
import { periodOf } from '../read-params.ts';

const MAX_ROWS = 30;

/** 주식현재가 일자별: the last 30 days, weeks or months. */
export function createInquireDailyPrice(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-daily-price',
    trId: 'FHKST01010400',
    params: ['FID_PERIOD_DIV_CODE', 'FID_ORG_ADJ_PRC'],
    read: (params) => {
      const period = periodOf(params, ['D', 'W', 'M']);
      if (!period) return invalidParam('FID_PERIOD_DIV_CODE');
      // Here 1 is adjusted and 0 is not: the other way round than in the daily chart. KIS's own sample sends `0000000001`.
      const [, isAdjusted] = /^0{0,9}([01])$/.exec(params.get('FID_ORG_ADJ_PRC') ?? '') ?? [];
      return isAdjusted ? { period, original: isAdjusted === '0' } : invalidParam('FID_ORG_ADJ_PRC');
    },
    outputs: (stock, quote, asked, { nowMs }) => {
      // One more, for the volume before the oldest.
      const range = { ...asked, fromDay: FIRST_DAY, toDay: quote.day, maxRows: MAX_ROWS + 1 };
      const rows = market.chart(stock, nowMs, range);
      return { output: rows.slice(0, MAX_ROWS).map((row, n) => rowFields(stock, row, rows[n + 1])) };
    },
  });
}

function rowFields(stock: Stock, candle: Candle, before: Candle | undefined): Fields {
  const change = candle.closePrice - candle.previousClose;
  return {
    stck_bsop_date: dateOf(candle.day),
    stck_oprc: whole(candle.openPrice),
    stck_hgpr: whole(candle.highPrice),
    stck_lwpr: whole(candle.lowPrice),
    stck_clpr: whole(candle.closePrice),
    acml_vol: whole(candle.volume),
    prdy_vrss_vol_rate: percentAbove(candle.volume, before?.volume ?? 0),
    prdy_vrss: whole(change),
    prdy_vrss_sign: signOf(change),
    prdy_ctrt: percentAbove(candle.closePrice, candle.previousClose),
    hts_frgn_ehrt: decimal(fundamentalsOf(stock).foreignPercent),
    frgn_ntby_qty: whole(netOf(investorsOf(stock, candle).foreigners)),
    flng_cls_code: '00',
    acml_prtt_rate: '1.00',
  };
}
