/** The fields of KIS's replies, in the order of its official examples (price, chart) and of a recorded reply (order book). */
export const PRICE_FIELDS: readonly string[] = `
  iscd_stat_cls_code marg_rate rprs_mrkt_kor_name bstp_kor_isnm temp_stop_yn oprc_rang_cont_yn clpr_rang_cont_yn
  crdt_able_yn grmn_rate_cls_code elw_pblc_yn stck_prpr prdy_vrss prdy_vrss_sign prdy_ctrt acml_tr_pbmn acml_vol
  prdy_vrss_vol_rate stck_oprc stck_hgpr stck_lwpr stck_mxpr stck_llam stck_sdpr wghn_avrg_stck_prc
  hts_frgn_ehrt frgn_ntby_qty pgtr_ntby_qty pvt_scnd_dmrs_prc pvt_frst_dmrs_prc pvt_pont_val pvt_frst_dmsp_prc
  pvt_scnd_dmsp_prc dmrs_val dmsp_val cpfn rstc_wdth_prc stck_fcam stck_sspr aspr_unit hts_deal_qty_unit_val
  lstn_stcn hts_avls per pbr stac_month vol_tnrt eps bps d250_hgpr d250_hgpr_date d250_hgpr_vrss_prpr_rate
  d250_lwpr d250_lwpr_date d250_lwpr_vrss_prpr_rate stck_dryy_hgpr dryy_hgpr_vrss_prpr_rate dryy_hgpr_date
  stck_dryy_lwpr dryy_lwpr_vrss_prpr_rate dryy_lwpr_date w52_hgpr w52_hgpr_vrss_prpr_ctrt w52_hgpr_date w52_lwpr
  w52_lwpr_vrss_prpr_ctrt w52_lwpr_date whol_loan_rmnd_rate ssts_yn stck_shrn_iscd fcam_cnnm cpfn_cnnm
  frgn_hldn_qty vi_cls_code ovtm_vi_cls_code last_ssts_cntg_qty invt_caful_yn mrkt_warn_cls_code short_over_yn
  sltr_yn
`
  .trim()
  .split(/\s+/);

/** Documented, but missing in the example. */
export const PRICE_FIELDS_BESIDE: readonly string[] = ['new_hgpr_lwpr_cls_code', 'apprch_rate', 'mang_issu_cls_code'];

export const BOOK_FIELDS: readonly string[] = `
  aspr_acpt_hour askp1 askp2 askp3 askp4 askp5 askp6 askp7 askp8 askp9 askp10 bidp1 bidp2 bidp3 bidp4 bidp5
  bidp6 bidp7 bidp8 bidp9 bidp10 askp_rsqn1 askp_rsqn2 askp_rsqn3 askp_rsqn4 askp_rsqn5 askp_rsqn6 askp_rsqn7
  askp_rsqn8 askp_rsqn9 askp_rsqn10 bidp_rsqn1 bidp_rsqn2 bidp_rsqn3 bidp_rsqn4 bidp_rsqn5 bidp_rsqn6 bidp_rsqn7
  bidp_rsqn8 bidp_rsqn9 bidp_rsqn10 askp_rsqn_icdc1 askp_rsqn_icdc2 askp_rsqn_icdc3 askp_rsqn_icdc4
  askp_rsqn_icdc5 askp_rsqn_icdc6 askp_rsqn_icdc7 askp_rsqn_icdc8 askp_rsqn_icdc9 askp_rsqn_icdc10
  bidp_rsqn_icdc1 bidp_rsqn_icdc2 bidp_rsqn_icdc3 bidp_rsqn_icdc4 bidp_rsqn_icdc5 bidp_rsqn_icdc6
  bidp_rsqn_icdc7 bidp_rsqn_icdc8 bidp_rsqn_icdc9 bidp_rsqn_icdc10 total_askp_rsqn total_bidp_rsqn
  total_askp_rsqn_icdc total_bidp_rsqn_icdc ovtm_total_askp_icdc ovtm_total_bidp_icdc ovtm_total_askp_rsqn
  ovtm_total_bidp_rsqn ntby_aspr_rsqn new_mkop_cls_code
`
  .trim()
  .split(/\s+/);

export const MATCH_FIELDS: readonly string[] = `
  antc_mkop_cls_code stck_prpr stck_oprc stck_hgpr stck_lwpr stck_sdpr antc_cnpr antc_cntg_vrss_sign
  antc_cntg_vrss antc_cntg_prdy_ctrt antc_vol stck_shrn_iscd vi_cls_code
`
  .trim()
  .split(/\s+/);

export const CHART_FIELDS: readonly string[] = `
  acml_tr_pbmn acml_vol askp bidp cpfn eps hts_avls hts_kor_isnm itewhol_loan_rmnd_ratem lstn_stcn pbr per
  prdy_ctrt prdy_vol prdy_vrss prdy_vrss_sign prdy_vrss_vol stck_fcam stck_hgpr stck_llam stck_lwpr stck_mxpr
  stck_oprc stck_prdy_clpr stck_prdy_hgpr stck_prdy_lwpr stck_prdy_oprc stck_prpr stck_shrn_iscd vol_tnrt
`
  .trim()
  .split(/\s+/);

export const CANDLE_FIELDS: readonly string[] = `
  acml_tr_pbmn acml_vol flng_cls_code mod_yn prdy_vrss prdy_vrss_sign prtt_rate revl_issu_reas stck_bsop_date
  stck_clpr stck_hgpr stck_lwpr stck_oprc
`
  .trim()
  .split(/\s+/);
