import { dateOf } from '../../market/calendar.ts';
import { fundamentalsOf } from '../../market/fundamentals.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import { orderBook } from '../../market/order-book.ts';
import type { Candle } from '../../market/session.ts';
import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signOf, signToday, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';
import { daysOf, periodOf } from '../read-params.ts';

const MAX_ROWS = 100;

/** 국내주식기간별시세(일/주/월/년). */
export function createInquireDailyChart(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-daily-itemchartprice',
    trId: 'FHKST03010100',
    params: ['FID_INPUT_DATE_1', 'FID_INPUT_DATE_2', 'FID_PERIOD_DIV_CODE', 'FID_ORG_ADJ_PRC'],
    read: (params) => {
      const days = daysOf(params);
      if (!days) return uapiRefusal('OPSQ2002');
      const period = periodOf(params, ['D', 'W', 'M', 'Y']);
      if (!period) return invalidParam('FID_PERIOD_DIV_CODE');
      const isOriginal = params.get('FID_ORG_ADJ_PRC') ?? '';
      if (!/^[01]$/.test(isOriginal)) return invalidParam('FID_ORG_ADJ_PRC');
      return { ...days, period, original: isOriginal === '1', maxRows: MAX_ROWS };
    },
    outputs: (stock, quote, range, { nowMs }) => ({
      output1: todayFields(stock, quote),
      output2: market.chart(stock, nowMs, range).map(rowFields),
    }),
  });
}

function todayFields(stock: Stock, quote: Quote): Fields {
  const { symbol } = stock;
  const { price, basePrice, candle, previous } = quote;
  const volume = candle?.volume ?? 0;
  const company = fundamentalsOf(stock);
  const { asks, bids } = orderBook(stock, quote);
  return {
    acml_tr_pbmn: whole(candle?.tradingValue ?? 0),
    acml_vol: whole(volume),
    askp: whole(asks[0]?.price ?? 0),
    bidp: whole(bids[0]?.price ?? 0),
    cpfn: whole(company.capital),
    eps: decimal(company.earningsPerShare),
    hts_avls: whole(Math.floor((price * symbol.listedShares) / 100_000_000)),
    hts_kor_isnm: symbol.name,
    itewhol_loan_rmnd_ratem: decimal(company.loanPercent),
    lstn_stcn: whole(symbol.listedShares),
    pbr: decimal(price / company.bookPerShare),
    per: decimal(price / company.earningsPerShare),
    prdy_ctrt: percentAbove(price, basePrice),
    prdy_vol: whole(previous.volume),
    prdy_vrss: whole(price - basePrice),
    prdy_vrss_sign: signToday(price, quote),
    prdy_vrss_vol: whole(volume - previous.volume),
    stck_fcam: whole(symbol.faceValue),
    stck_hgpr: whole(candle?.highPrice ?? 0),
    stck_llam: whole(quote.lowerLimit),
    stck_lwpr: whole(candle?.lowPrice ?? 0),
    stck_mxpr: whole(quote.upperLimit),
    stck_oprc: whole(candle?.openPrice ?? 0),
    stck_prdy_clpr: whole(basePrice),
    stck_prdy_hgpr: whole(previous.highPrice),
    stck_prdy_lwpr: whole(previous.lowPrice),
    stck_prdy_oprc: whole(previous.openPrice),
    stck_prpr: whole(price),
    stck_shrn_iscd: symbol.code,
    vol_tnrt: decimal((volume / symbol.listedShares) * 100),
  };
}

function rowFields(candle: Candle): Fields {
  const change = candle.closePrice - candle.previousClose;
  return {
    acml_tr_pbmn: whole(candle.tradingValue),
    acml_vol: whole(candle.volume),
    flng_cls_code: '00',
    mod_yn: 'N',
    prdy_vrss: whole(change),
    prdy_vrss_sign: signOf(change),
    prtt_rate: '0.00',
    revl_issu_reas: '',
    stck_bsop_date: dateOf(candle.day),
    stck_clpr: whole(candle.closePrice),
    stck_hgpr: whole(candle.highPrice),
    stck_lwpr: whole(candle.lowPrice),
    stck_oprc: whole(candle.openPrice),
  };
}
