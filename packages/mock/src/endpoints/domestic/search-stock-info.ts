import { dateOf } from '../../market/calendar.ts';
import { collateralPrice, fundamentalsOf } from '../../market/fundamentals.ts';
import type { Indices } from '../../market/indices.ts';
import { kindOf } from '../../market/kinds.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import { isReply, uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { listingOf } from './listing.ts';
import { findProduct, productNames, productNumber } from './product.ts';

/** 주식기본조회. */
export function createSearchStockInfo(market: Market, indices: Indices): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/quotations/search-stock-info',
    trIds: { real: ['CTPF1002R'], virtual: [] },
    params: ['PRDT_TYPE_CD', 'PDNO'],
    answer({ params, nowMs }) {
      const stock = findProduct(market, params);
      if (isReply(stock)) return stock;
      const output = stockFields(stock, market.quote(stock, nowMs), indices);
      return uapiReply({ output }, { kisCode: 'KIOK0530' });
    },
  };
}

function stockFields(stock: Stock, { price, basePrice, day }: Quote, indices: Indices): Fields {
  const { symbol } = stock;
  const names = productNames(symbol);
  const listing = listingOf(symbol);
  const kind = kindOf(symbol);
  const isEtf = kind === 'ETF';
  const isShare = symbol.faceValue > 0;
  const listedOn = dateOf(fundamentalsOf(stock).listedDay);
  const sectorCode = indices.codeOf(symbol).slice(1);
  const sectorName = isShare ? symbol.sector : '';
  const [sizeCode, sizeName] = indices.isInKospi200(symbol) ? ['002', '시가총액규모대'] : ['003', '시가총액규모중'];
  const collateral = whole(collateralPrice(basePrice));
  const isOnNextrade = symbol.market !== 'KONEX' && isShare;
  return {
    pdno: productNumber(symbol),
    prdt_type_cd: '300',
    mket_id_cd: listing.marketId,
    scty_grp_id_cd: listing.group,
    excg_dvsn_cd: listing.exchange,
    setl_mmdd: isShare ? '12' : '',
    lstg_stqt: whole(symbol.listedShares),
    lstg_cptl_amt: '0',
    cpta: whole(symbol.faceValue * symbol.listedShares),
    papr: whole(symbol.faceValue),
    issu_pric: whole(symbol.faceValue),
    kospi200_item_yn: indices.isInKospi200(symbol) ? 'Y' : 'N',
    scts_mket_lstg_dt: symbol.market === 'KOSPI' ? listedOn : '',
    scts_mket_lstg_abol_dt: '',
    kosdaq_mket_lstg_dt: symbol.market === 'KOSDAQ' ? listedOn : '',
    kosdaq_mket_lstg_abol_dt: '',
    // KIS's own example repeats the day of the exchange.
    frbd_mket_lstg_dt: symbol.market === 'KOSPI' ? listedOn : '',
    frbd_mket_lstg_abol_dt: '',
    reits_kind_cd: '',
    etf_dvsn_cd: isEtf ? '1' : '0',
    oilf_fund_yn: 'N',
    idx_bztp_lcls_cd: isShare ? sizeCode : '',
    idx_bztp_mcls_cd: sectorCode,
    idx_bztp_scls_cd: sectorCode,
    stck_kind_cd: listing.shareKind,
    mfnd_opng_dt: '',
    mfnd_end_dt: '',
    dpsi_erlm_cncl_dt: '',
    etf_cu_qty: isEtf ? '50000' : '0',
    prdt_name: names.full,
    prdt_name120: names.full,
    prdt_abrv_name: symbol.name,
    std_pdno: names.standardCode,
    prdt_eng_name: names.english,
    prdt_eng_name120: names.english,
    prdt_eng_abrv_name: names.english,
    dpsi_aptm_erlm_yn: 'Y',
    etf_txtn_type_cd: '00',
    etf_type_cd: '',
    lstg_abol_dt: '',
    nwst_odst_dvsn_cd: '1',
    sbst_pric: collateral,
    thco_sbst_pric: collateral,
    thco_sbst_pric_chng_dt: dateOf(day),
    tr_stop_yn: 'N',
    admn_item_yn: 'N',
    thdt_clpr: whole(price),
    bfdy_clpr: whole(basePrice),
    clpr_chng_dt: dateOf(day),
    std_idst_clsf_cd: isShare ? `0${sectorCode.padStart(3, '0')}01` : '',
    std_idst_clsf_cd_name: sectorName,
    idx_bztp_lcls_cd_name: isShare ? sizeName : '',
    idx_bztp_mcls_cd_name: sectorName,
    idx_bztp_scls_cd_name: sectorName,
    ocr_no: symbol.code.slice(-5, -1),
    crfd_item_yn: 'N',
    elec_scty_yn: 'Y',
    issu_istt_cd: symbol.code.slice(-6, -1),
    etf_chas_erng_rt_dbnb: isEtf ? '1' : '0',
    etf_etn_ivst_heed_item_yn: 'N',
    stln_int_rt_dvsn_cd: '01',
    frnr_psnl_lmt_rt: '0.00000000',
    lstg_rqsr_issu_istt_cd: '',
    lstg_rqsr_item_cd: '',
    trst_istt_issu_istt_cd: '',
    cptt_trad_tr_psbl_yn: isOnNextrade ? 'Y' : 'N',
    nxt_tr_stop_yn: 'N',
  };
}
