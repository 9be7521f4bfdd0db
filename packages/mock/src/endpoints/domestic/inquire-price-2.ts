import { fundamentalsOf } from '../../market/fundamentals.ts';
import type { Indices } from '../../market/indices.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signOf, signToday, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';
import { listingOf, representativeMarket } from './listing.ts';

/** 주식현재가 시세2. */
export function createInquirePrice2(market: Market, indices: Indices): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-price-2',
    trId: 'FHPST01010000',
    hosts: 'real alone',
    outputs: (stock, quote) => ({ output: priceFields(stock, quote, indices) }),
  });
}

function priceFields(stock: Stock, quote: Quote, indices: Indices): Fields {
  const { symbol } = stock;
  const { price, basePrice, candle, previous } = quote;
  const volume = candle?.volume ?? 0;
  /** Of a price of today, which is none before the open. */
  const since = (then: number | undefined): number => (then === undefined ? 0 : price - then);
  const sinceClose = (then: number | undefined): string => percentAbove(then ?? basePrice, basePrice);

  return {
    rprs_mrkt_kor_name: representativeMarket(symbol, indices),
    new_hgpr_lwpr_cls_code: '',
    mxpr_llam_cls_code: '',
    crdt_able_yn: symbol.faceValue > 0 ? 'Y' : 'N',
    stck_mxpr: whole(quote.upperLimit),
    elw_pblc_yn: 'N',
    prdy_clpr_vrss_oprc_rate: sinceClose(candle?.openPrice),
    crdt_rate: decimal(fundamentalsOf(stock).loanPercent),
    marg_rate: listingOf(symbol).marginRate,
    lwpr_vrss_prpr: whole(since(candle?.lowPrice)),
    lwpr_vrss_prpr_sign: signOf(since(candle?.lowPrice)),
    prdy_clpr_vrss_lwpr_rate: sinceClose(candle?.lowPrice),
    stck_lwpr: whole(candle?.lowPrice ?? 0),
    hgpr_vrss_prpr: whole(since(candle?.highPrice)),
    hgpr_vrss_prpr_sign: signOf(since(candle?.highPrice)),
    prdy_clpr_vrss_hgpr_rate: sinceClose(candle?.highPrice),
    stck_hgpr: whole(candle?.highPrice ?? 0),
    oprc_vrss_prpr: whole(since(candle?.openPrice)),
    oprc_vrss_prpr_sign: signOf(since(candle?.openPrice)),
    mang_issu_yn: 'N',
    divi_app_cls_code: '',
    short_over_yn: 'N',
    mrkt_warn_cls_code: '00',
    invt_caful_yn: 'N',
    stange_runup_yn: 'N',
    ssts_hot_yn: 'N',
    low_current_yn: 'N',
    vi_cls_code: 'N',
    short_over_cls_code: '0',
    stck_llam: whole(quote.lowerLimit),
    new_lstn_cls_name: '',
    vlnt_deal_cls_name: '',
    flng_cls_name: '',
    revl_issu_reas_name: '',
    mrkt_warn_cls_name: '',
    stck_sdpr: whole(basePrice),
    bstp_cls_code: indices.codeOf(symbol),
    stck_prdy_clpr: whole(basePrice),
    insn_pbnt_yn: 'N',
    fcam_mod_cls_name: '',
    stck_prpr: whole(price),
    prdy_vrss: whole(price - basePrice),
    prdy_vrss_sign: signToday(price, quote),
    prdy_ctrt: percentAbove(price, basePrice),
    acml_tr_pbmn: whole(candle?.tradingValue ?? 0),
    acml_vol: whole(volume),
    prdy_vrss_vol_rate: decimal((volume / previous.volume) * 100),
    bstp_kor_isnm: symbol.sector,
    sltr_yn: 'N',
    trht_yn: 'N',
    oprc_rang_cont_yn: 'N',
    vlnt_fin_cls_code: 'N',
    stck_oprc: whole(candle?.openPrice ?? 0),
    prdy_vol: whole(previous.volume),
  };
}
