/** The fields of KIS's answers about exchanges abroad, block by block, in the order of its documents; of price-detail in that of its example. */
export const OVERSEAS_FIELDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  price: {
    output: words(`
      rsym zdiv base pvol last sign diff rate tvol tamt ordy
    `),
  },
  detail: {
    output: words(`
      rsym zdiv curr vnit open high low last base pvol pamt uplp dnlp h52p h52d l52p l52d perx pbrx epsx bpsx
      shar mcap tomv t_xprc t_xdif t_xrat p_xprc p_xdif p_xrat t_rate p_rate t_xsgn p_xsng e_ordyn e_hogau
      e_icod e_parp tvol tamt etyp_nm
    `),
  },
  daily: {
    output1: words(`
      rsym zdiv nrec
    `),
    output2: words(`
      xymd clos sign diff rate open high low tvol tamt pbid vbid pask vask
    `),
  },
  minutes: {
    output1: words(`
      rsym zdiv stim etim sktm ektm next more nrec
    `),
    output2: words(`
      tymd xymd xhms kymd khms open high low last evol eamt
    `),
  },
  book: {
    output1: words(`
      rsym zdiv curr base open high low last dymd dhms bvol avol bdvl advl code ropen rhigh rlow rclose
    `),
    output2: words(`
      pbid1 pbid2 pbid3 pbid4 pbid5 pbid6 pbid7 pbid8 pbid9 pbid10 pask1 pask2 pask3 pask4 pask5 pask6 pask7
      pask8 pask9 pask10 vbid1 vbid2 vbid3 vbid4 vbid5 vbid6 vbid7 vbid8 vbid9 vbid10 vask1 vask2 vask3 vask4
      vask5 vask6 vask7 vask8 vask9 vask10 dbid1 dbid2 dbid3 dbid4 dbid5 dbid6 dbid7 dbid8 dbid9 dbid10 dask1
      dask2 dask3 dask4 dask5 dask6 dask7 dask8 dask9 dask10
    `),
    output3: words(`
      vstm vetm csbp cshi cslo iep iev
    `),
  },
  info: {
    output: words(`
      std_pdno prdt_eng_name natn_cd natn_name tr_mket_cd tr_mket_name ovrs_excg_cd ovrs_excg_name tr_crcy_cd
      ovrs_papr crcy_name ovrs_stck_dvsn_cd prdt_clsf_cd prdt_clsf_name sll_unit_qty buy_unit_qty tr_unit_amt
      lstg_stck_num lstg_dt ovrs_stck_tr_stop_dvsn_cd lstg_abol_item_yn ovrs_stck_prdt_grp_no lstg_yn
      tax_levy_yn ovrs_stck_erlm_rosn_cd ovrs_stck_hist_rght_dvsn_cd chng_bf_pdno prdt_type_cd_2 ovrs_item_name
      sedol_no blbg_tckr_text ovrs_stck_etf_risk_drtp_cd etp_chas_erng_rt_dbnb istt_usge_isin_cd mint_svc_yn
      mint_svc_yn_chng_dt prdt_name lei_cd ovrs_stck_stop_rson_cd lstg_abol_dt mini_stk_tr_stat_dvsn_cd
      mint_frst_svc_erlm_dt mint_dcpt_trad_psbl_yn mint_fnum_trad_psbl_yn mint_cblc_cvsn_ipsb_yn ptp_item_yn
      ptp_item_trfx_exmt_yn ptp_item_trfx_exmt_strt_dt ptp_item_trfx_exmt_end_dt dtm_tr_psbl_yn
      sdrf_stop_ecls_yn sdrf_stop_ecls_erlm_dt memo_text1 ovrs_now_pric1 last_rcvg_dtime
    `),
  },
  holidays: {
    output: words(`
      prdt_type_cd tr_natn_cd tr_natn_name natn_eng_abrv_cd tr_mket_cd tr_mket_name acpl_sttl_dt dmst_sttl_dt
    `),
  },
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
