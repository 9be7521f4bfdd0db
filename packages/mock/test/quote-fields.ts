/** The fields of KIS's replies, in the order of its documents. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const PRICE_2_FIELDS: readonly string[] = words(`
  rprs_mrkt_kor_name new_hgpr_lwpr_cls_code mxpr_llam_cls_code crdt_able_yn stck_mxpr elw_pblc_yn
  prdy_clpr_vrss_oprc_rate crdt_rate marg_rate lwpr_vrss_prpr lwpr_vrss_prpr_sign prdy_clpr_vrss_lwpr_rate stck_lwpr
  hgpr_vrss_prpr hgpr_vrss_prpr_sign prdy_clpr_vrss_hgpr_rate stck_hgpr oprc_vrss_prpr oprc_vrss_prpr_sign
  mang_issu_yn divi_app_cls_code short_over_yn mrkt_warn_cls_code invt_caful_yn stange_runup_yn ssts_hot_yn
  low_current_yn vi_cls_code short_over_cls_code stck_llam new_lstn_cls_name vlnt_deal_cls_name flng_cls_name
  revl_issu_reas_name mrkt_warn_cls_name stck_sdpr bstp_cls_code stck_prdy_clpr insn_pbnt_yn fcam_mod_cls_name
  stck_prpr prdy_vrss prdy_vrss_sign prdy_ctrt acml_tr_pbmn acml_vol prdy_vrss_vol_rate bstp_kor_isnm sltr_yn
  trht_yn oprc_rang_cont_yn vlnt_fin_cls_code stck_oprc prdy_vol
`);

export const TRADE_FIELDS: readonly string[] = words(`
  stck_cntg_hour stck_prpr prdy_vrss prdy_vrss_sign cntg_vol tday_rltv prdy_ctrt
`);

export const DAY_FIELDS: readonly string[] = words(`
  stck_bsop_date stck_oprc stck_hgpr stck_lwpr stck_clpr acml_vol prdy_vrss_vol_rate prdy_vrss prdy_vrss_sign
  prdy_ctrt hts_frgn_ehrt frgn_ntby_qty flng_cls_code acml_prtt_rate
`);

export const INVESTOR_FIELDS: readonly string[] = words(`
  stck_bsop_date stck_clpr prdy_vrss prdy_vrss_sign prsn_ntby_qty frgn_ntby_qty orgn_ntby_qty prsn_ntby_tr_pbmn
  frgn_ntby_tr_pbmn orgn_ntby_tr_pbmn prsn_shnu_vol frgn_shnu_vol orgn_shnu_vol prsn_shnu_tr_pbmn frgn_shnu_tr_pbmn
  orgn_shnu_tr_pbmn prsn_seln_vol frgn_seln_vol orgn_seln_vol prsn_seln_tr_pbmn frgn_seln_tr_pbmn orgn_seln_tr_pbmn
`);

export const WATCHED_FIELDS: readonly string[] = words(`
  kospi_kosdaq_cls_name mrkt_trtm_cls_name hour_cls_code inter_shrn_iscd inter_kor_isnm inter2_prpr inter2_prdy_vrss
  prdy_vrss_sign prdy_ctrt acml_vol inter2_oprc inter2_hgpr inter2_lwpr inter2_llam inter2_mxpr inter2_askp
  inter2_bidp seln_rsqn shnu_rsqn total_askp_rsqn total_bidp_rsqn acml_tr_pbmn inter2_prdy_clpr oprc_vrss_hgpr_rate
  intr_antc_cntg_vrss intr_antc_cntg_vrss_sign intr_antc_cntg_prdy_ctrt intr_antc_vol inter2_sdpr
`);

export const PRODUCT_FIELDS: readonly string[] = words(`
  pdno prdt_type_cd prdt_name prdt_name120 prdt_abrv_name prdt_eng_name prdt_eng_name120 prdt_eng_abrv_name std_pdno
  shtn_pdno prdt_sale_stat_cd prdt_risk_grad_cd prdt_clsf_cd prdt_clsf_name sale_strt_dt sale_end_dt
  wrap_asst_type_cd ivst_prdt_type_cd ivst_prdt_type_cd_name frst_erlm_dt
`);

export const STOCK_FIELDS: readonly string[] = words(`
  pdno prdt_type_cd mket_id_cd scty_grp_id_cd excg_dvsn_cd setl_mmdd lstg_stqt lstg_cptl_amt cpta papr issu_pric
  kospi200_item_yn scts_mket_lstg_dt scts_mket_lstg_abol_dt kosdaq_mket_lstg_dt kosdaq_mket_lstg_abol_dt
  frbd_mket_lstg_dt frbd_mket_lstg_abol_dt reits_kind_cd etf_dvsn_cd oilf_fund_yn idx_bztp_lcls_cd idx_bztp_mcls_cd
  idx_bztp_scls_cd stck_kind_cd mfnd_opng_dt mfnd_end_dt dpsi_erlm_cncl_dt etf_cu_qty prdt_name prdt_name120
  prdt_abrv_name std_pdno prdt_eng_name prdt_eng_name120 prdt_eng_abrv_name dpsi_aptm_erlm_yn etf_txtn_type_cd
  etf_type_cd lstg_abol_dt nwst_odst_dvsn_cd sbst_pric thco_sbst_pric thco_sbst_pric_chng_dt tr_stop_yn admn_item_yn
  thdt_clpr bfdy_clpr clpr_chng_dt std_idst_clsf_cd std_idst_clsf_cd_name idx_bztp_lcls_cd_name
  idx_bztp_mcls_cd_name idx_bztp_scls_cd_name ocr_no crfd_item_yn elec_scty_yn issu_istt_cd etf_chas_erng_rt_dbnb
  etf_etn_ivst_heed_item_yn stln_int_rt_dvsn_cd frnr_psnl_lmt_rt lstg_rqsr_issu_istt_cd lstg_rqsr_item_cd
  trst_istt_issu_istt_cd cptt_trad_tr_psbl_yn nxt_tr_stop_yn
`);

export const HOLIDAY_FIELDS: readonly string[] = words(`
  bass_dt wday_dvsn_cd bzdy_yn tr_day_yn opnd_yn sttl_day_yn
`);

export const RANK_FIELDS: readonly string[] = words(`
  hts_kor_isnm mksc_shrn_iscd data_rank stck_prpr prdy_vrss_sign prdy_vrss prdy_ctrt acml_vol prdy_vol lstn_stcn
  avrg_vol n_befr_clpr_vrss_prpr_rate vol_inrt vol_tnrt nday_vol_tnrt avrg_tr_pbmn tr_pbmn_tnrt nday_tr_pbmn_tnrt
  acml_tr_pbmn
`);

export const FUND_FIELDS: readonly string[] = words(`
  stck_prpr prdy_vrss_sign prdy_vrss prdy_ctrt acml_vol prdy_vol stck_mxpr stck_llam stck_prdy_clpr stck_oprc
  prdy_clpr_vrss_oprc_rate stck_hgpr prdy_clpr_vrss_hgpr_rate stck_lwpr prdy_clpr_vrss_lwpr_rate prdy_last_nav nav
  nav_prdy_vrss nav_prdy_vrss_sign nav_prdy_ctrt trc_errt stck_sdpr stck_sspr nmix_ctrt etf_crcl_stcn etf_ntas_ttam
  etf_frcr_ntas_ttam frgn_limt_rate frgn_oder_able_qty etf_cu_unit_scrt_cnt etf_cnfg_issu_cnt etf_dvdn_cycl crcd
  etf_crcl_ntas_ttam etf_frcr_crcl_ntas_ttam etf_frcr_last_ntas_wrth_val lp_oder_able_cls_code stck_dryy_hgpr
  dryy_hgpr_vrss_prpr_rate dryy_hgpr_date stck_dryy_lwpr dryy_lwpr_vrss_prpr_rate dryy_lwpr_date bstp_kor_isnm
  vi_cls_code lstn_stcn frgn_hldn_qty frgn_hldn_qty_rate etf_trc_ert_mltp dprt mbcr_name stck_lstn_date mtrt_date
  shrg_type_code lp_hldn_rate etf_trgt_nmix_bstp_code etf_div_name etf_rprs_bstp_kor_isnm lp_hldn_vol
`);

export const OFFER_FIELDS: readonly string[] = words(`
  record_date sht_cd isin_name fix_subscr_pri face_value subscr_dt pay_dt refund_dt list_dt lead_mgr pub_bf_cap
  pub_af_cap assign_stk_qty
`);

export const INDEX_FIELDS: readonly string[] = words(`
  bstp_nmix_prpr bstp_nmix_prdy_vrss prdy_vrss_sign bstp_nmix_prdy_ctrt acml_vol prdy_vol acml_tr_pbmn prdy_tr_pbmn
  bstp_nmix_oprc prdy_nmix_vrss_nmix_oprc oprc_vrss_prpr_sign bstp_nmix_oprc_prdy_ctrt bstp_nmix_hgpr
  prdy_nmix_vrss_nmix_hgpr hgpr_vrss_prpr_sign bstp_nmix_hgpr_prdy_ctrt bstp_nmix_lwpr prdy_clpr_vrss_lwpr
  lwpr_vrss_prpr_sign prdy_clpr_vrss_lwpr_rate ascn_issu_cnt uplm_issu_cnt stnr_issu_cnt down_issu_cnt lslm_issu_cnt
  dryy_bstp_nmix_hgpr dryy_hgpr_vrss_prpr_rate dryy_bstp_nmix_hgpr_date dryy_bstp_nmix_lwpr dryy_lwpr_vrss_prpr_rate
  dryy_bstp_nmix_lwpr_date total_askp_rsqn total_bidp_rsqn seln_rsqn_rate shnu_rsqn_rate ntby_rsqn
`);

export const INDEX_DAILY_HEAD_FIELDS: readonly string[] = words(`
  bstp_nmix_prpr bstp_nmix_prdy_vrss prdy_vrss_sign bstp_nmix_prdy_ctrt acml_vol acml_tr_pbmn bstp_nmix_oprc
  bstp_nmix_hgpr bstp_nmix_lwpr prdy_vol ascn_issu_cnt down_issu_cnt stnr_issu_cnt uplm_issu_cnt lslm_issu_cnt
  prdy_tr_pbmn dryy_bstp_nmix_hgpr_date dryy_bstp_nmix_hgpr dryy_bstp_nmix_lwpr dryy_bstp_nmix_lwpr_date
`);

export const INDEX_DAILY_ROW_FIELDS: readonly string[] = words(`
  stck_bsop_date bstp_nmix_prpr prdy_vrss_sign bstp_nmix_prdy_vrss bstp_nmix_prdy_ctrt bstp_nmix_oprc bstp_nmix_hgpr
  bstp_nmix_lwpr acml_vol_rlim acml_vol acml_tr_pbmn invt_new_psdg d20_dsrt
`);

export const INDEX_CHART_HEAD_FIELDS: readonly string[] = words(`
  prdy_vrss_sign bstp_nmix_prdy_ctrt prdy_nmix acml_vol acml_tr_pbmn hts_kor_isnm bstp_nmix_prpr bstp_cls_code
  prdy_vol bstp_nmix_oprc bstp_nmix_hgpr bstp_nmix_lwpr futs_prdy_oprc futs_prdy_hgpr futs_prdy_lwpr
`);

export const INDEX_CHART_ROW_FIELDS: readonly string[] = words(`
  stck_bsop_date bstp_nmix_prpr bstp_nmix_oprc bstp_nmix_hgpr bstp_nmix_lwpr acml_vol acml_tr_pbmn mod_yn
`);
