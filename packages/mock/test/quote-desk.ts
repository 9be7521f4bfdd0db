import { createFakeKis, type FakeKis, type FakeKisOptions } from '../src/index.ts';
import { type Answer, answerOf, block, PRICE, type Row, tokenOf, uapiRequest } from './calls.ts';
import { createManualClock, korea, type ManualClock } from './manual-clock.ts';

const V1 = '/uapi/domestic-stock/v1';

export type QuestionName =
  | 'price'
  | 'price2'
  | 'book'
  | 'trades'
  | 'days'
  | 'chart'
  | 'minutes'
  | 'investors'
  | 'watched'
  | 'product'
  | 'stock'
  | 'holidays'
  | 'rank'
  | 'fund'
  | 'offers'
  | 'index'
  | 'indexDays'
  | 'indexChart';

/** Path and `tr_id` of what is asked about stocks and indices at home. */
const QUESTIONS: Readonly<Record<QuestionName, readonly [path: string, trId: string]>> = {
  price: [PRICE, 'FHKST01010100'],
  price2: [`${V1}/quotations/inquire-price-2`, 'FHPST01010000'],
  book: [`${V1}/quotations/inquire-asking-price-exp-ccn`, 'FHKST01010200'],
  trades: [`${V1}/quotations/inquire-ccnl`, 'FHKST01010300'],
  days: [`${V1}/quotations/inquire-daily-price`, 'FHKST01010400'],
  chart: [`${V1}/quotations/inquire-daily-itemchartprice`, 'FHKST03010100'],
  minutes: [`${V1}/quotations/inquire-time-itemchartprice`, 'FHKST03010200'],
  investors: [`${V1}/quotations/inquire-investor`, 'FHKST01010900'],
  watched: [`${V1}/quotations/intstock-multprice`, 'FHKST11300006'],
  product: [`${V1}/quotations/search-info`, 'CTPF1604R'],
  stock: [`${V1}/quotations/search-stock-info`, 'CTPF1002R'],
  holidays: [`${V1}/quotations/chk-holiday`, 'CTCA0903R'],
  rank: [`${V1}/quotations/volume-rank`, 'FHPST01710000'],
  fund: ['/uapi/etfetn/v1/quotations/inquire-price', 'FHPST02400000'],
  offers: [`${V1}/ksdinfo/pub-offer`, 'HHKDB669108C0'],
  index: [`${V1}/quotations/inquire-index-price`, 'FHPUP02100000'],
  indexDays: [`${V1}/quotations/inquire-index-daily-price`, 'FHPUP02120000'],
  indexChart: [`${V1}/quotations/inquire-daily-indexchartprice`, 'FHKUP03500100'],
};

/** What must be sent beside the market and the code, with values that are fine. */
export const REQUIRED: Readonly<Record<QuestionName, Readonly<Record<string, string>>>> = {
  price: {},
  price2: {},
  book: {},
  trades: {},
  days: { FID_PERIOD_DIV_CODE: 'D', FID_ORG_ADJ_PRC: '1' },
  chart: {
    FID_INPUT_DATE_1: '20000101',
    FID_INPUT_DATE_2: '20991231',
    FID_PERIOD_DIV_CODE: 'D',
    FID_ORG_ADJ_PRC: '0',
  },
  minutes: { FID_INPUT_HOUR_1: '153000', FID_PW_DATA_INCU_YN: 'N', FID_ETC_CLS_CODE: '' },
  investors: {},
  watched: { FID_COND_MRKT_DIV_CODE_1: 'J', FID_INPUT_ISCD_1: '005930' },
  product: { PDNO: '005930', PRDT_TYPE_CD: '300' },
  stock: { PRDT_TYPE_CD: '300', PDNO: '005930' },
  holidays: { BASS_DT: '20261120', CTX_AREA_NK: '', CTX_AREA_FK: '' },
  rank: {
    FID_COND_SCR_DIV_CODE: '20171',
    FID_INPUT_ISCD: '0000',
    FID_DIV_CLS_CODE: '0',
    FID_BLNG_CLS_CODE: '0',
    FID_TRGT_CLS_CODE: '111111111',
    FID_TRGT_EXLS_CLS_CODE: '0000000000',
    FID_INPUT_PRICE_1: '',
    FID_INPUT_PRICE_2: '',
    FID_VOL_CNT: '',
  },
  fund: { FID_INPUT_ISCD: '069500' },
  offers: { SHT_CD: '', CTS: '', F_DT: '20260901', T_DT: '20261231' },
  index: { FID_COND_MRKT_DIV_CODE: 'U', FID_INPUT_ISCD: '0001' },
  indexDays: {
    FID_PERIOD_DIV_CODE: 'D',
    FID_COND_MRKT_DIV_CODE: 'U',
    FID_INPUT_ISCD: '0001',
    FID_INPUT_DATE_1: '20991231',
  },
  indexChart: {
    FID_COND_MRKT_DIV_CODE: 'U',
    FID_INPUT_ISCD: '0001',
    FID_INPUT_DATE_1: '20000101',
    FID_INPUT_DATE_2: '20991231',
    FID_PERIOD_DIV_CODE: 'D',
  },
};

/** A fake whose clock stands at a moment of Korea, and someone with a token who asks it. */
export interface QuoteDesk {
  readonly fake: FakeKis;
  readonly clock: ManualClock;
  /** `null` leaves a parameter out. */
  ask(
    name: QuestionName,
    params?: Readonly<Record<string, string | null>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** `output` of the answer about a stock. */
  about(name: QuestionName, code: string): Promise<Row>;
}

export async function quoteDeskAt(time: string, options: FakeKisOptions = {}): Promise<QuoteDesk> {
  const clock = createManualClock(korea(time));
  const fake = createFakeKis({ symbols: 130, limit: 100_000, ...options, clock });
  const authorization = `Bearer ${await tokenOf(fake)}`;
  const ask: QuoteDesk['ask'] = async (name, params = {}, headers = {}) => {
    const [path, trId] = QUESTIONS[name];
    const all = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930', ...REQUIRED[name], ...params };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const request = uapiRequest(path, Object.fromEntries(sent), { authorization, tr_id: trId, ...headers });
    return answerOf(await fake.handle(request));
  };
  return {
    fake,
    clock,
    ask,
    about: async (name, code) => block(await ask(name, { FID_INPUT_ISCD: code }), 'output'),
  };
}

/** Moments of all kinds: before the open, in each part of a session, after it, and on days without one. */
export const MOMENTS: readonly string[] = [
  '2026-11-20T08:30:00',
  '2026-11-20T09:00:00',
  '2026-11-20T13:07:23',
  '2026-11-20T15:25:00',
  '2026-11-20T15:30:00',
  '2026-11-20T21:00:00',
  '2026-11-21T11:00:00',
  '2026-12-25T11:00:00',
  '2026-01-02T09:00:00',
];

/** A large share, one of KOSDAQ, letters, a fund, a note, KONEX, and one without a name in the papers. */
export const CODES: readonly string[] = ['005930', '028300', '00088K', '069500', 'Q500001', '140610', '002000'];
