import { dateOf } from '../../market/calendar.ts';
import type { Indices, StockIndex } from '../../market/indices.ts';
import type { Market, Quote } from '../../market/market.ts';
import type { Candle } from '../../market/session.ts';
import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { percentAbove, signOf } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createIndexEndpoint } from '../quote-endpoint.ts';
import { daysOf, periodOf } from '../read-params.ts';
import { indexVolume, millions, points } from './index-format.ts';

const MAX_ROWS = 50;

/** 국내주식업종기간별시세(일/주/월/년). */
export function createInquireDailyIndexChart(market: Market, indices: Indices): Endpoint {
  return createIndexEndpoint(market, indices, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-daily-indexchartprice',
    trId: 'FHKUP03500100',
    params: ['FID_INPUT_DATE_1', 'FID_INPUT_DATE_2', 'FID_PERIOD_DIV_CODE'],
    read: (params) => {
      const days = daysOf(params);
      if (!days) return uapiRefusal('OPSQ2002');
      const period = periodOf(params, ['D', 'W', 'M', 'Y']);
      return period ? { ...days, period, original: false, maxRows: MAX_ROWS } : invalidParam('FID_PERIOD_DIV_CODE');
    },
    outputs: (index, quote, range, { nowMs }) => ({
      output1: todayFields(index, quote),
      output2: market.chart(index, nowMs, range).map((candle) => rowFields(index, candle)),
    }),
  });
}

function todayFields(index: StockIndex, { price, basePrice, candle, previous }: Quote): Fields {
  return {
    prdy_vrss_sign: signOf(price - basePrice),
    bstp_nmix_prdy_ctrt: percentAbove(price, basePrice),
    prdy_nmix: points(basePrice),
    acml_vol: indexVolume(candle),
    acml_tr_pbmn: millions(candle ? index.tradingValue(candle) : 0),
    hts_kor_isnm: index.symbol.name,
    bstp_nmix_prpr: points(price),
    bstp_cls_code: index.symbol.code,
    prdy_vol: indexVolume(previous),
    bstp_nmix_oprc: points(candle?.openPrice ?? 0),
    bstp_nmix_hgpr: points(candle?.highPrice ?? 0),
    bstp_nmix_lwpr: points(candle?.lowPrice ?? 0),
    futs_prdy_oprc: points(previous.openPrice),
    futs_prdy_hgpr: points(previous.highPrice),
    futs_prdy_lwpr: points(previous.lowPrice),
  };
}

function rowFields(index: StockIndex, candle: Candle): Fields {
  return {
    stck_bsop_date: dateOf(candle.day),
    bstp_nmix_prpr: points(candle.closePrice),
    bstp_nmix_oprc: points(candle.openPrice),
    bstp_nmix_hgpr: points(candle.highPrice),
    bstp_nmix_lwpr: points(candle.lowPrice),
    acml_vol: indexVolume(candle),
    acml_tr_pbmn: millions(index.tradingValue(candle)),
    mod_yn: 'N',
  };
}
