import { dateOf } from '../../market/calendar.ts';
import type { Breadth, Indices, StockIndex } from '../../market/indices.ts';
import type { Market, Quote } from '../../market/market.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signOf, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createIndexEndpoint } from '../quote-endpoint.ts';
import { indexVolume, indexWaiting, millions, points } from './index-format.ts';

/** 국내업종 현재지수. */
export function createInquireIndexPrice(market: Market, indices: Indices): Endpoint {
  return createIndexEndpoint(market, indices, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-index-price',
    trId: 'FHPUP02100000',
    hosts: 'real alone',
    outputs: (index, quote, _asked, { nowMs }) => ({
      output: priceFields(index, quote, indices.breadth(index, nowMs)),
    }),
  });
}

function priceFields(index: StockIndex, quote: Quote, breadth: Breadth): Fields {
  const { price, basePrice, candle, previous, day } = quote;
  const { thisYear } = index.extremes.upTo(day, candle);
  const { asked, bid } = indexWaiting(index, quote);
  const share = (part: number): string => decimal(asked + bid === 0 ? 0 : (part / (asked + bid)) * 100);
  /** Of a price of today above the last close. There is none before the open. */
  const above = (then: number | undefined): number => (then === undefined ? 0 : then - basePrice);
  const percent = (then: number | undefined): string => percentAbove(then ?? basePrice, basePrice);

  return {
    bstp_nmix_prpr: points(price),
    bstp_nmix_prdy_vrss: points(price - basePrice),
    prdy_vrss_sign: signOf(price - basePrice),
    bstp_nmix_prdy_ctrt: percentAbove(price, basePrice),
    acml_vol: indexVolume(candle),
    prdy_vol: indexVolume(previous),
    acml_tr_pbmn: millions(candle ? index.tradingValue(candle) : 0),
    prdy_tr_pbmn: millions(index.tradingValue(previous)),
    bstp_nmix_oprc: points(candle?.openPrice ?? 0),
    prdy_nmix_vrss_nmix_oprc: points(above(candle?.openPrice)),
    oprc_vrss_prpr_sign: signOf(above(candle?.openPrice)),
    bstp_nmix_oprc_prdy_ctrt: percent(candle?.openPrice),
    bstp_nmix_hgpr: points(candle?.highPrice ?? 0),
    prdy_nmix_vrss_nmix_hgpr: points(above(candle?.highPrice)),
    hgpr_vrss_prpr_sign: signOf(above(candle?.highPrice)),
    bstp_nmix_hgpr_prdy_ctrt: percent(candle?.highPrice),
    bstp_nmix_lwpr: points(candle?.lowPrice ?? 0),
    prdy_clpr_vrss_lwpr: points(above(candle?.lowPrice)),
    lwpr_vrss_prpr_sign: signOf(above(candle?.lowPrice)),
    prdy_clpr_vrss_lwpr_rate: percent(candle?.lowPrice),
    ascn_issu_cnt: whole(breadth.up),
    uplm_issu_cnt: whole(breadth.upperLimit),
    stnr_issu_cnt: whole(breadth.unchanged),
    down_issu_cnt: whole(breadth.down),
    lslm_issu_cnt: whole(breadth.lowerLimit),
    dryy_bstp_nmix_hgpr: points(thisYear.high.price),
    dryy_hgpr_vrss_prpr_rate: percentAbove(price, thisYear.high.price),
    dryy_bstp_nmix_hgpr_date: dateOf(thisYear.high.day),
    dryy_bstp_nmix_lwpr: points(thisYear.low.price),
    dryy_lwpr_vrss_prpr_rate: percentAbove(price, thisYear.low.price),
    dryy_bstp_nmix_lwpr_date: dateOf(thisYear.low.day),
    total_askp_rsqn: whole(asked),
    total_bidp_rsqn: whole(bid),
    seln_rsqn_rate: share(asked),
    shnu_rsqn_rate: share(bid),
    ntby_rsqn: whole(bid - asked),
  };
}
