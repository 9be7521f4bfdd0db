import { hash } from '../../market/noise.ts';
import type { OverseasMarket, OverseasQuote } from '../../overseas/overseas-market.ts';
import { inKorea } from '../../overseas/zone.ts';
import { invalidParam, isReply, uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { COUNTRY_NAMES, CURRENCY_NAMES } from './exchange-names.ts';
import { dateAndTime } from './overseas-format.ts';
import { findOverseasProduct, isinOf, type OverseasProduct } from './overseas-product.ts';

/** 해외주식 상품기본정보. ISIN and SEDOL are invented. */
export function createOverseasSearchInfo(market: OverseasMarket): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/overseas-price/v1/quotations/search-info',
    trIds: { real: ['CTPF1702R'], virtual: [] },
    params: ['PRDT_TYPE_CD', 'PDNO'],
    answer({ params, nowMs }) {
      const product = findOverseasProduct(market, params) ?? invalidParam('PRDT_TYPE_CD');
      if (isReply(product)) return product;
      return uapiReply({ output: infoFields(product, market.quote(product.stock, nowMs)) }, { kisCode: 'KIOK0530' });
    },
  };
}

function infoFields({ stock, names }: OverseasProduct, quote: OverseasQuote): Fields {
  const { symbol, exchange, seed } = stock;
  const country = COUNTRY_NAMES[exchange.country];
  const isFund = symbol.leverage > 0;
  const isAmerican = exchange.country === 'US';
  const isin = isinOf(stock);
  const received = dateAndTime(inKorea(exchange.zone, quote.time));
  return {
    std_pdno: isin,
    prdt_eng_name: symbol.englishName,
    natn_cd: country.code,
    natn_name: country.name,
    tr_mket_cd: names.marketCode,
    tr_mket_name: names.marketName,
    ovrs_excg_cd: names.orderCode,
    ovrs_excg_name: names.marketName,
    tr_crcy_cd: exchange.currency,
    ovrs_papr: '0.00000',
    crcy_name: CURRENCY_NAMES[exchange.currency],
    ovrs_stck_dvsn_cd: isFund ? '03' : '01',
    prdt_clsf_cd: '101210',
    prdt_clsf_name: '해외주식',
    sll_unit_qty: String(symbol.lot),
    buy_unit_qty: String(symbol.lot),
    tr_unit_amt: '0',
    lstg_stck_num: whole(symbol.listedShares),
    lstg_dt: symbol.listedOn,
    ovrs_stck_tr_stop_dvsn_cd: '01',
    lstg_abol_item_yn: 'N',
    ovrs_stck_prdt_grp_no: '',
    lstg_yn: 'Y',
    tax_levy_yn: 'Y',
    ovrs_stck_erlm_rosn_cd: '',
    ovrs_stck_hist_rght_dvsn_cd: '',
    chng_bf_pdno: '',
    prdt_type_cd_2: '',
    ovrs_item_name: symbol.koreanName,
    sedol_no: String(1_000_000 + (hash(seed, 2, 1) % 9_000_000)),
    blbg_tckr_text: `${symbol.symbol} ${names.bloomberg} Equity`,
    ovrs_stck_etf_risk_drtp_cd: isFund ? '001' : '',
    etp_chas_erng_rt_dbnb: symbol.leverage.toFixed(6),
    istt_usge_isin_cd: isin,
    mint_svc_yn: isAmerican ? 'Y' : 'N',
    mint_svc_yn_chng_dt: '',
    prdt_name: symbol.koreanName,
    lei_cd: '',
    ovrs_stck_stop_rson_cd: '',
    lstg_abol_dt: '',
    mini_stk_tr_stat_dvsn_cd: isAmerican ? '01' : '02',
    mint_frst_svc_erlm_dt: '',
    mint_dcpt_trad_psbl_yn: isAmerican ? 'Y' : 'N',
    mint_fnum_trad_psbl_yn: 'N',
    mint_cblc_cvsn_ipsb_yn: 'N',
    ptp_item_yn: 'N',
    ptp_item_trfx_exmt_yn: 'N',
    ptp_item_trfx_exmt_strt_dt: '',
    ptp_item_trfx_exmt_end_dt: '',
    dtm_tr_psbl_yn: isAmerican ? 'Y' : 'N',
    sdrf_stop_ecls_yn: 'N',
    sdrf_stop_ecls_erlm_dt: '',
    memo_text1: '',
    ovrs_now_pric1: (quote.price / 10 ** exchange.decimals).toFixed(5),
    last_rcvg_dtime: received.date + received.time,
  };
}
