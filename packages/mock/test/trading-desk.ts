import { createFakeKis, type FakeKis, type FakeKisOptions } from '../src/index.ts';
import { type Answer, answerOf, block, KEYS, type Row, rows, tokenOf } from './calls.ts';
import { createManualClock, korea, type ManualClock } from './manual-clock.ts';

const TRADING = '/uapi/domestic-stock/v1/trading/';
const ACCOUNT = { CANO: '12345678', ACNT_PRDT_CD: '01' };

export type Params = Readonly<Record<string, string>>;

/** A fake at a moment, with one account and the calls about it. */
export interface TradingDesk {
  readonly clock: ManualClock;
  readonly fake: FakeKis;
  readonly token: string;
  get(name: string, trId: string, params: Params, headers?: Params): Promise<Answer>;
  post(name: string, trId: string, params: Params): Promise<Answer>;
  buy(params?: Params): Promise<Answer>;
  sell(params?: Params): Promise<Answer>;
  /** `02`: cancel; `01`: modify. By default all that is open. */
  revise(order: Answer, params: Params): Promise<Answer>;
  balance(params?: Params, headers?: Params): Promise<Answer>;
  orderable(params?: Params): Promise<Row>;
  /** Of 20261101 to 20261231, the newest first. */
  history(params?: Params, headers?: Params): Promise<Answer>;
  /** The row of an order as it stands. */
  stateOf(order: Answer): Promise<Row>;
}

export async function openDesk(time: string, options: FakeKisOptions = {}): Promise<TradingDesk> {
  const clock = createManualClock(korea(time));
  const fake = createFakeKis({ clock, symbols: 130, limit: 100_000, tokenLifeMs: 365 * 86_400_000, ...options });
  const token = await tokenOf(fake);
  const isVirtual = options.environment === 'virtual';
  const headersOf = (trId: string): Params => ({
    ...KEYS,
    authorization: `Bearer ${token}`,
    tr_id: isVirtual ? `V${trId.slice(1)}` : trId,
    custtype: 'P',
  });
  const desk: TradingDesk = {
    clock,
    fake,
    token,
    async get(name, trId, params, headers = {}) {
      const url = `http://kis.test${TRADING}${name}?${new URLSearchParams({ ...ACCOUNT, ...params })}`;
      return answerOf(await fake.handle(new Request(url, { headers: { ...headersOf(trId), ...headers } })));
    },
    async post(name, trId, params) {
      const body = JSON.stringify({ ...ACCOUNT, ...params });
      const request = new Request(`http://kis.test${TRADING}${name}`, {
        method: 'POST',
        headers: headersOf(trId),
        body,
      });
      return answerOf(await fake.handle(request));
    },
    buy: (params = {}) => desk.post('order-cash', 'TTTC0012U', { ...MARKET_ORDER, ...params }),
    sell: (params = {}) => desk.post('order-cash', 'TTTC0011U', { ...MARKET_ORDER, ...params }),
    revise(order, params) {
      const { KRX_FWDG_ORD_ORGNO = '', ODNO = '' } = block(order, 'output');
      return desk.post('order-rvsecncl', 'TTTC0013U', {
        KRX_FWDG_ORD_ORGNO,
        ORGN_ODNO: ODNO,
        ORD_DVSN: '00',
        RVSE_CNCL_DVSN_CD: '02',
        ORD_QTY: '0',
        ORD_UNPR: '0',
        QTY_ALL_ORD_YN: 'Y',
        ...params,
      });
    },
    balance(params = {}, headers) {
      return desk.get('inquire-balance', 'TTTC8434R', { ...BALANCE, ...params }, headers);
    },
    async orderable(params = {}) {
      const asked = { PDNO: '005930', ORD_UNPR: '', ORD_DVSN: '01', CMA_EVLU_AMT_ICLD_YN: 'N', OVRS_ICLD_YN: 'N' };
      return block(await desk.get('inquire-psbl-order', 'TTTC8908R', { ...asked, ...params }), 'output');
    },
    history(params = {}, headers) {
      return desk.get('inquire-daily-ccld', 'TTTC0081R', { ...HISTORY, ...params }, headers);
    },
    async stateOf(order) {
      const { ODNO = '' } = block(order, 'output');
      const [row] = rows(await desk.history({ ODNO }), 'output1');
      if (!row) throw new Error(`no order ${ODNO}`);
      return row;
    },
  };
  return desk;
}

const MARKET_ORDER = { PDNO: '005930', ORD_DVSN: '01', ORD_QTY: '10', ORD_UNPR: '0' };

const BALANCE = {
  AFHR_FLPR_YN: 'N',
  OFL_YN: '',
  INQR_DVSN: '02',
  UNPR_DVSN: '01',
  FUND_STTL_ICLD_YN: 'N',
  FNCG_AMT_AUTO_RDPT_YN: 'N',
  PRCS_DVSN: '00',
  CTX_AREA_FK100: '',
  CTX_AREA_NK100: '',
};

const HISTORY = {
  INQR_STRT_DT: '20261101',
  INQR_END_DT: '20261231',
  SLL_BUY_DVSN_CD: '00',
  PDNO: '',
  ORD_GNO_BRNO: '',
  ODNO: '',
  CCLD_DVSN: '00',
  INQR_DVSN: '00',
  INQR_DVSN_1: '',
  INQR_DVSN_3: '00',
  EXCG_ID_DVSN_CD: 'KRX',
  CTX_AREA_FK100: '',
  CTX_AREA_NK100: '',
};
