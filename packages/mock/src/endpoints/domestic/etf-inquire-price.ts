import { dateOf } from '../../market/calendar.ts';
import { collateralPrice, fundamentalsOf } from '../../market/fundamentals.ts';
import { fundOf } from '../../market/funds.ts';
import { isFund, kindOf } from '../../market/kinds.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signOf, signToday, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';

/** ETF/ETN 현재가; a share that is neither is a code that it does not know. */
export function createEtfInquirePrice(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/etfetn/v1/quotations/inquire-price',
    trId: 'FHPST02400000',
    hosts: 'real alone',
    knows: isFund,
    outputs: (stock, quote) => ({ output: fundFields(stock, quote) }),
  });
}

const HUNDRED_MILLION = 100_000_000;

function fundFields(stock: Stock, quote: Quote): Fields {
  const { symbol } = stock;
  const { price, basePrice, candle, previous, day } = quote;
  const fund = fundOf(stock, quote);
  const { foreignPercent, listedDay } = fundamentalsOf(stock);
  const { thisYear } = stock.extremes.upTo(day, candle);
  const isEtf = kindOf(symbol) === 'ETF';
  const sinceClose = (then: number | undefined): string => percentAbove(then ?? basePrice, basePrice);
  const navChange = fund.assetValue - fund.previousAssetValue;
  const netAssets = whole(Math.floor((fund.assetValue * symbol.listedShares) / HUNDRED_MILLION));
  const foreignShares = Math.round((symbol.listedShares * foreignPercent) / 100);
  const provided = whole((symbol.listedShares * fund.providerPercent) / 100);

  return {
    stck_prpr: whole(price),
    prdy_vrss_sign: signToday(price, quote),
    prdy_vrss: whole(price - basePrice),
    prdy_ctrt: percentAbove(price, basePrice),
    acml_vol: whole(candle?.volume ?? 0),
    prdy_vol: whole(previous.volume),
    stck_mxpr: whole(quote.upperLimit),
    stck_llam: whole(quote.lowerLimit),
    stck_prdy_clpr: whole(basePrice),
    stck_oprc: whole(candle?.openPrice ?? 0),
    prdy_clpr_vrss_oprc_rate: sinceClose(candle?.openPrice),
    stck_hgpr: whole(candle?.highPrice ?? 0),
    prdy_clpr_vrss_hgpr_rate: sinceClose(candle?.highPrice),
    stck_lwpr: whole(candle?.lowPrice ?? 0),
    prdy_clpr_vrss_lwpr_rate: sinceClose(candle?.lowPrice),
    prdy_last_nav: decimal(fund.previousAssetValue),
    nav: decimal(fund.assetValue),
    nav_prdy_vrss: decimal(navChange),
    nav_prdy_vrss_sign: signOf(Number(decimal(navChange))),
    nav_prdy_ctrt: percentAbove(fund.assetValue, fund.previousAssetValue),
    trc_errt: decimal(fund.trackingError),
    stck_sdpr: whole(basePrice),
    stck_sspr: whole(collateralPrice(basePrice)),
    nmix_ctrt: decimal((navChange / fund.previousAssetValue) * 100, 5),
    etf_crcl_stcn: whole(symbol.listedShares),
    etf_ntas_ttam: netAssets,
    etf_frcr_ntas_ttam: '0',
    frgn_limt_rate: '100.00',
    frgn_oder_able_qty: whole(symbol.listedShares - foreignShares),
    etf_cu_unit_scrt_cnt: isEtf ? '50000' : '0',
    etf_cnfg_issu_cnt: isEtf ? '200' : '0',
    etf_dvdn_cycl: isEtf ? '3' : '',
    crcd: 'KRW',
    etf_crcl_ntas_ttam: netAssets,
    etf_frcr_crcl_ntas_ttam: '0',
    etf_frcr_last_ntas_wrth_val: '0.00',
    lp_oder_able_cls_code: 'Y',
    stck_dryy_hgpr: whole(thisYear.high.price),
    dryy_hgpr_vrss_prpr_rate: percentAbove(price, thisYear.high.price),
    dryy_hgpr_date: dateOf(thisYear.high.day),
    stck_dryy_lwpr: whole(thisYear.low.price),
    dryy_lwpr_vrss_prpr_rate: percentAbove(price, thisYear.low.price),
    dryy_lwpr_date: dateOf(thisYear.low.day),
    bstp_kor_isnm: symbol.sector,
    vi_cls_code: 'N',
    lstn_stcn: whole(symbol.listedShares),
    frgn_hldn_qty: whole(foreignShares),
    frgn_hldn_qty_rate: decimal(foreignPercent),
    etf_trc_ert_mltp: '1.000000',
    dprt: percentAbove(price, fund.assetValue),
    mbcr_name: '',
    stck_lstn_date: dateOf(listedDay),
    mtrt_date: '',
    shrg_type_code: '',
    lp_hldn_rate: decimal(fund.providerPercent),
    etf_trgt_nmix_bstp_code: '2001',
    etf_div_name: isEtf ? '주식형' : 'ETN',
    etf_rprs_bstp_kor_isnm: 'KOSPI200',
    lp_hldn_vol: provided,
  };
}
