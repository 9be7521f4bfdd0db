/** A question to KIS that anybody may ask who has a token. */
export interface AskedQuestion {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly trId: string;
  /** Of the virtual host, where it is another. */
  readonly virtualTrId?: string;
  readonly params: Readonly<Record<string, string>>;
}

const STOCK = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930' };
const INDEX = { FID_COND_MRKT_DIV_CODE: 'U', FID_INPUT_ISCD: '0001' };
const RANGE = { FID_INPUT_DATE_1: '20240101', FID_INPUT_DATE_2: '20240607', FID_PERIOD_DIV_CODE: 'D' };
const ABROAD = { AUTH: '', EXCD: 'NAS', SYMB: 'AAPL' };
const ACCOUNT = { CANO: '12345678', ACNT_PRDT_CD: '01' };
const PAGE = { CTX_AREA_FK100: '', CTX_AREA_NK100: '' };
const SHORT_PAGE = { CTX_AREA_NK: '', CTX_AREA_FK: '' };

const DOMESTIC = '/uapi/domestic-stock/v1/quotations';
const OVERSEAS = '/uapi/overseas-price/v1/quotations';
const TRADING = '/uapi/domestic-stock/v1/trading';

const get = (path: string, trId: string, params: AskedQuestion['params'], virtualTrId?: string): AskedQuestion => ({
  name: `${trId} ${path.split('/').slice(-1)[0]}`,
  method: 'GET',
  path,
  trId,
  params,
  ...(virtualTrId === undefined ? {} : { virtualTrId }),
});

/** One good question to each path that a bot of the mission uses, as KIS documents it. */
export const QUESTIONS: readonly AskedQuestion[] = [
  get(`${DOMESTIC}/inquire-price`, 'FHKST01010100', STOCK),
  get(`${DOMESTIC}/inquire-price-2`, 'FHPST01010000', STOCK),
  get(`${DOMESTIC}/inquire-asking-price-exp-ccn`, 'FHKST01010200', STOCK),
  get(`${DOMESTIC}/inquire-ccnl`, 'FHKST01010300', STOCK),
  get(`${DOMESTIC}/inquire-time-itemconclusion`, 'FHPST01060000', { ...STOCK, FID_INPUT_HOUR_1: '110000' }),
  get(`${DOMESTIC}/inquire-daily-price`, 'FHKST01010400', {
    ...STOCK,
    FID_PERIOD_DIV_CODE: 'D',
    FID_ORG_ADJ_PRC: '1',
  }),
  get(`${DOMESTIC}/inquire-daily-itemchartprice`, 'FHKST03010100', { ...STOCK, ...RANGE, FID_ORG_ADJ_PRC: '0' }),
  get(`${DOMESTIC}/inquire-time-itemchartprice`, 'FHKST03010200', {
    ...STOCK,
    FID_INPUT_HOUR_1: '110000',
    FID_PW_DATA_INCU_YN: 'N',
    FID_ETC_CLS_CODE: '',
  }),
  get(`${DOMESTIC}/inquire-time-dailychartprice`, 'FHKST03010230', {
    ...STOCK,
    FID_INPUT_HOUR_1: '153000',
    FID_INPUT_DATE_1: '20240603',
    FID_PW_DATA_INCU_YN: 'Y',
  }),
  get(`${DOMESTIC}/inquire-investor`, 'FHKST01010900', STOCK),
  get('/uapi/domestic-stock/v1/quotations/intstock-multprice', 'FHKST11300006', {
    FID_COND_MRKT_DIV_CODE_1: 'J',
    FID_INPUT_ISCD_1: '005930',
    FID_COND_MRKT_DIV_CODE_2: 'J',
    FID_INPUT_ISCD_2: '000660',
    FID_COND_MRKT_DIV_CODE_3: 'U',
    FID_INPUT_ISCD_3: '0001',
  }),
  get(`${DOMESTIC}/search-info`, 'CTPF1604R', { PDNO: '005930', PRDT_TYPE_CD: '300' }),
  get(`${DOMESTIC}/search-stock-info`, 'CTPF1002R', { PRDT_TYPE_CD: '300', PDNO: '005930' }),
  get(`${DOMESTIC}/chk-holiday`, 'CTCA0903R', { BASS_DT: '20240601', ...SHORT_PAGE }),
  get(`${DOMESTIC}/volume-rank`, 'FHPST01710000', {
    FID_COND_MRKT_DIV_CODE: 'J',
    FID_COND_SCR_DIV_CODE: '20171',
    FID_INPUT_ISCD: '0000',
    FID_DIV_CLS_CODE: '0',
    FID_BLNG_CLS_CODE: '0',
    FID_TRGT_CLS_CODE: '111111111',
    FID_TRGT_EXLS_CLS_CODE: '0000000000',
    FID_INPUT_PRICE_1: '',
    FID_INPUT_PRICE_2: '',
    FID_VOL_CNT: '',
    FID_INPUT_DATE_1: '',
  }),
  get(`${DOMESTIC}/inquire-index-price`, 'FHPUP02100000', INDEX),
  get(`${DOMESTIC}/inquire-index-daily-price`, 'FHPUP02120000', {
    ...INDEX,
    FID_PERIOD_DIV_CODE: 'D',
    FID_INPUT_DATE_1: '20240607',
  }),
  get(`${DOMESTIC}/inquire-daily-indexchartprice`, 'FHKUP03500100', { ...INDEX, ...RANGE }),
  get('/uapi/domestic-stock/v1/ksdinfo/pub-offer', 'HHKDB669108C0', {
    SHT_CD: '',
    CTS: '',
    F_DT: '20240101',
    T_DT: '20240630',
  }),
  get('/uapi/etfetn/v1/quotations/inquire-price', 'FHPST02400000', { ...STOCK, FID_INPUT_ISCD: '069500' }),
  get(`${OVERSEAS}/price`, 'HHDFS00000300', ABROAD),
  get(`${OVERSEAS}/price-detail`, 'HHDFS76200200', ABROAD),
  get(`${OVERSEAS}/dailyprice`, 'HHDFS76240000', { ...ABROAD, GUBN: '0', BYMD: '', MODP: '1', KEYB: '' }),
  get(`${OVERSEAS}/inquire-time-itemchartprice`, 'HHDFS76950200', {
    ...ABROAD,
    NMIN: '5',
    PINC: '1',
    NEXT: '',
    NREC: '120',
    FILL: '',
    KEYB: '',
  }),
  get(`${OVERSEAS}/inquire-asking-price`, 'HHDFS76200100', ABROAD),
  get(`${OVERSEAS}/search-info`, 'CTPF1702R', { PRDT_TYPE_CD: '512', PDNO: 'AAPL' }),
  get('/uapi/overseas-stock/v1/quotations/countries-holiday', 'CTOS5011R', { TRAD_DT: '20240604', ...SHORT_PAGE }),
  {
    name: 'TTTC0012U order-cash',
    method: 'POST',
    path: `${TRADING}/order-cash`,
    trId: 'TTTC0012U',
    virtualTrId: 'VTTC0012U',
    params: { ...ACCOUNT, PDNO: '005930', ORD_DVSN: '01', ORD_QTY: '10', ORD_UNPR: '0' },
  },
  {
    name: 'TTTC0013U order-rvsecncl',
    method: 'POST',
    path: `${TRADING}/order-rvsecncl`,
    trId: 'TTTC0013U',
    virtualTrId: 'VTTC0013U',
    params: {
      ...ACCOUNT,
      KRX_FWDG_ORD_ORGNO: '',
      ORGN_ODNO: '0000000001',
      ORD_DVSN: '00',
      RVSE_CNCL_DVSN_CD: '02',
      ORD_QTY: '10',
      ORD_UNPR: '0',
      QTY_ALL_ORD_YN: 'Y',
    },
  },
  get(
    `${TRADING}/inquire-balance`,
    'TTTC8434R',
    {
      ...ACCOUNT,
      AFHR_FLPR_YN: 'N',
      OFL_YN: '',
      INQR_DVSN: '02',
      UNPR_DVSN: '01',
      FUND_STTL_ICLD_YN: 'N',
      FNCG_AMT_AUTO_RDPT_YN: 'N',
      PRCS_DVSN: '00',
      ...PAGE,
    },
    'VTTC8434R',
  ),
  get(
    `${TRADING}/inquire-psbl-order`,
    'TTTC8908R',
    { ...ACCOUNT, PDNO: '005930', ORD_UNPR: '', ORD_DVSN: '01', CMA_EVLU_AMT_ICLD_YN: 'N', OVRS_ICLD_YN: 'N' },
    'VTTC8908R',
  ),
  get(
    `${TRADING}/inquire-daily-ccld`,
    'TTTC0081R',
    {
      ...ACCOUNT,
      INQR_STRT_DT: '20240601',
      INQR_END_DT: '20240607',
      SLL_BUY_DVSN_CD: '00',
      PDNO: '',
      ORD_GNO_BRNO: '',
      ODNO: '',
      CCLD_DVSN: '00',
      INQR_DVSN: '00',
      INQR_DVSN_1: '',
      INQR_DVSN_3: '00',
      EXCG_ID_DVSN_CD: 'KRX',
      ...PAGE,
    },
    'VTTC0081R',
  ),
];

/** Each question as it is, and spoilt in six ways: a wrong code or value, a parameter missing, none, another `tr_id`, the other method, the next page. */
export function goodAndBadQuestions(): readonly (AskedQuestion & { readonly isNextPage?: boolean })[] {
  return QUESTIONS.flatMap((question) => {
    const entries = Object.entries(question.params);
    return [
      question,
      {
        ...question,
        params: Object.fromEntries(entries.map(([name, value]) => [name, value === '' ? '' : `${value}?`])),
      },
      { ...question, params: Object.fromEntries(entries.slice(0, -1)) },
      { ...question, params: {} },
      { ...question, trId: `${question.trId.slice(0, -1)}Z` },
      { ...question, method: question.method === 'GET' ? ('POST' as const) : ('GET' as const) },
      { ...question, isNextPage: true },
    ];
  });
}
