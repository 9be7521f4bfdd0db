import { dateOf } from '../../market/calendar.ts';
import type { Extreme } from '../../market/extremes.ts';
import { collateralPrice, fundamentalsOf } from '../../market/fundamentals.ts';
import type { Indices } from '../../market/indices.ts';
import { investorsOf, netOf } from '../../market/investors.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import { unit } from '../../market/noise.ts';
import { tickAt } from '../../market/ticks.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signToday, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';
import { listingOf, representativeMarket } from './listing.ts';

/** 주식현재가 시세. */
export function createInquirePrice(market: Market, indices: Indices): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-price',
    trId: 'FHKST01010100',
    outputs: (stock, quote) => ({ output: priceFields(stock, quote, representativeMarket(stock.symbol, indices)) }),
  });
}

function priceFields(stock: Stock, quote: Quote, marketName: string): Fields {
  const { symbol, seed } = stock;
  const { price, basePrice, candle, previous, day } = quote;
  const volume = candle?.volume ?? 0;
  const value = candle?.tradingValue ?? 0;
  const company = fundamentalsOf(stock);
  const pivot = pivotOf(quote);
  const { sessions250, weeks52, thisYear } = stock.extremes.upTo(day, candle);
  const draw = (n: number): number => unit(seed ^ day, 9, n);
  const above = ({ price: then }: Extreme): string => percentAbove(price, then);
  const isStock = symbol.faceValue > 0;

  return {
    iscd_stat_cls_code: isStock ? '55' : '00',
    marg_rate: listingOf(symbol).marginRate,
    rprs_mrkt_kor_name: marketName,
    new_hgpr_lwpr_cls_code:
      candle && sessions250.high.day === day ? '신고가' : candle && sessions250.low.day === day ? '신저가' : '',
    bstp_kor_isnm: symbol.sector,
    temp_stop_yn: 'N',
    oprc_rang_cont_yn: 'N',
    clpr_rang_cont_yn: 'N',
    crdt_able_yn: isStock ? 'Y' : 'N',
    grmn_rate_cls_code: '40',
    elw_pblc_yn: 'N',
    stck_prpr: whole(price),
    prdy_vrss: whole(price - basePrice),
    prdy_vrss_sign: signToday(price, quote),
    prdy_ctrt: percentAbove(price, basePrice),
    acml_tr_pbmn: whole(value),
    acml_vol: whole(volume),
    prdy_vrss_vol_rate: decimal((volume / previous.volume) * 100),
    stck_oprc: whole(candle?.openPrice ?? 0),
    stck_hgpr: whole(candle?.highPrice ?? 0),
    stck_lwpr: whole(candle?.lowPrice ?? 0),
    stck_mxpr: whole(quote.upperLimit),
    stck_llam: whole(quote.lowerLimit),
    stck_sdpr: whole(basePrice),
    wghn_avrg_stck_prc: decimal(volume === 0 ? 0 : value / volume),
    hts_frgn_ehrt: decimal(company.foreignPercent),
    frgn_ntby_qty: whole(candle ? netOf(investorsOf(stock, candle).foreigners) : 0),
    pgtr_ntby_qty: whole(volume * 0.1 * (draw(1) - 0.5)),
    pvt_scnd_dmrs_prc: whole(pivot.secondResistance),
    pvt_frst_dmrs_prc: whole(pivot.firstResistance),
    pvt_pont_val: whole(pivot.point),
    pvt_frst_dmsp_prc: whole(pivot.firstSupport),
    pvt_scnd_dmsp_prc: whole(pivot.secondSupport),
    dmrs_val: whole(pivot.demarkHigh),
    dmsp_val: whole(pivot.demarkLow),
    cpfn: whole(company.capital),
    rstc_wdth_prc: whole(quote.upperLimit - basePrice),
    stck_fcam: whole(symbol.faceValue),
    stck_sspr: whole(collateralPrice(basePrice)),
    aspr_unit: whole(tickAt(price)),
    hts_deal_qty_unit_val: '1',
    lstn_stcn: whole(symbol.listedShares),
    hts_avls: whole(Math.floor((price * symbol.listedShares) / 100_000_000)),
    per: decimal(price / company.earningsPerShare),
    pbr: decimal(price / company.bookPerShare),
    stac_month: '12',
    vol_tnrt: decimal((volume / symbol.listedShares) * 100),
    eps: decimal(company.earningsPerShare),
    bps: decimal(company.bookPerShare),
    d250_hgpr: whole(sessions250.high.price),
    d250_hgpr_date: dateOf(sessions250.high.day),
    d250_hgpr_vrss_prpr_rate: above(sessions250.high),
    d250_lwpr: whole(sessions250.low.price),
    d250_lwpr_date: dateOf(sessions250.low.day),
    d250_lwpr_vrss_prpr_rate: above(sessions250.low),
    stck_dryy_hgpr: whole(thisYear.high.price),
    dryy_hgpr_vrss_prpr_rate: above(thisYear.high),
    dryy_hgpr_date: dateOf(thisYear.high.day),
    stck_dryy_lwpr: whole(thisYear.low.price),
    dryy_lwpr_vrss_prpr_rate: above(thisYear.low),
    dryy_lwpr_date: dateOf(thisYear.low.day),
    w52_hgpr: whole(weeks52.high.price),
    w52_hgpr_vrss_prpr_ctrt: above(weeks52.high),
    w52_hgpr_date: dateOf(weeks52.high.day),
    w52_lwpr: whole(weeks52.low.price),
    w52_lwpr_vrss_prpr_ctrt: above(weeks52.low),
    w52_lwpr_date: dateOf(weeks52.low.day),
    whol_loan_rmnd_rate: decimal(company.loanPercent),
    ssts_yn: isStock ? 'Y' : 'N',
    stck_shrn_iscd: symbol.code,
    fcam_cnnm: symbol.faceValue.toLocaleString('en-US'),
    cpfn_cnnm: `${company.capital.toLocaleString('en-US')} 억`,
    apprch_rate: '0.00',
    frgn_hldn_qty: whole((symbol.listedShares * company.foreignPercent) / 100),
    vi_cls_code: 'N',
    ovtm_vi_cls_code: 'N',
    last_ssts_cntg_qty: whole(previous.volume * 0.02 * draw(2)),
    invt_caful_yn: 'N',
    mrkt_warn_cls_code: '00',
    short_over_yn: 'N',
    sltr_yn: 'N',
    mang_issu_cls_code: 'N',
  };
}

interface Pivot {
  readonly point: number;
  readonly firstResistance: number;
  readonly secondResistance: number;
  readonly firstSupport: number;
  readonly secondSupport: number;
  readonly demarkHigh: number;
  readonly demarkLow: number;
}

/** Pivot points of the session before, and DeMark's high and low, as KIS computes them. */
function pivotOf({ previous }: Quote): Pivot {
  const { openPrice, highPrice, lowPrice, closePrice } = previous;
  const point = (highPrice + lowPrice + closePrice) / 3;
  const twice = closePrice < openPrice ? lowPrice : closePrice > openPrice ? highPrice : closePrice;
  const demark = (highPrice + lowPrice + closePrice + twice) / 2;
  return {
    point,
    firstResistance: 2 * point - lowPrice,
    secondResistance: point + highPrice - lowPrice,
    firstSupport: 2 * point - highPrice,
    secondSupport: point - highPrice + lowPrice,
    demarkHigh: demark - lowPrice,
    demarkLow: demark - highPrice,
  };
}
