// A client as anybody writes one from KIS's documents: plain fetch, nothing of @kis, and no mercy for what it does not expect.

export interface PlainOptions {
  readonly url: string;
  readonly appKey: string;
  readonly appSecret: string;
  /** `12345678-01`. */
  readonly account: string;
  readonly isPaper?: boolean;
}

type Row = Readonly<Record<string, string>>;

/** One page of an answer, checked for success. */
interface Page {
  readonly body: Readonly<Record<string, string | Row | readonly Row[]>>;
  /** Whether KIS has more pages. */
  readonly hasMore: boolean;
}

const QUOTATIONS = '/uapi/domestic-stock/v1/quotations';
const TRADING = '/uapi/domestic-stock/v1/trading';

// The types of a plain script: what it returns is what KIS sent.
export function plainClient({ url, appKey, appSecret, account, isPaper = false }: PlainOptions): {
  readonly price: (code: string) => Promise<Row>;
  readonly book: (code: string) => Promise<Row>;
  readonly days: (code: string, to: string, count: number) => Promise<readonly Row[]>;
  readonly minutes: (code: string, from: string) => Promise<readonly Row[]>;
  readonly pastMinutes: (code: string, date: string) => Promise<readonly Row[]>;
  readonly holidays: (from: string, pages: number) => Promise<readonly Row[]>;
  readonly overseas: (exchange: string, symbol: string) => Promise<Row>;
  readonly order: (side: 'buy' | 'sell', code: string, quantity: number, limit?: number) => Promise<string>;
  readonly orders: (date: string) => Promise<readonly Row[]>;
  readonly balance: () => Promise<{ readonly holdings: readonly Row[]; readonly sums: Row; readonly pages: number }>;
} {
  let token: Promise<string> | undefined;
  const accountFields = { CANO: account.slice(0, 8), ACNT_PRDT_CD: account.slice(9) };
  const tradingId = (id: string): string => (isPaper ? `V${id.slice(1)}` : id);

  async function issue(): Promise<string> {
    const body = { grant_type: 'client_credentials', appkey: appKey, appsecret: appSecret };
    const reply = await fetch(`${url}/oauth2/tokenP`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { access_token, token_type } = (await reply.json()) as { access_token: string; token_type: string };
    if (reply.status !== 200 || token_type !== 'Bearer') throw new Error(`no token: ${reply.status}`);
    return access_token;
  }

  async function call(trId: string, path: string, init: RequestInit, more = ''): Promise<Page> {
    token ??= issue();
    const reply = await fetch(`${url}${path}`, {
      ...init,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        authorization: `Bearer ${await token}`,
        appkey: appKey,
        appsecret: appSecret,
        tr_id: trId,
        tr_cont: more,
        custtype: 'P',
      },
    });
    const body = (await reply.json()) as Page['body'];
    if (body.rt_cd !== '0') throw new Error(`${trId}: ${body.msg_cd} ${String(body.msg1).trim()}`);
    return { body, hasMore: /^[FM]$/.test(reply.headers.get('tr_cont') ?? '') };
  }

  const get = (trId: string, path: string, params: Row, more?: string): Promise<Page> =>
    call(trId, `${path}?${new URLSearchParams(params)}`, { method: 'GET' }, more);
  const stock = (code: string): Row => ({ FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: code });
  const row = ({ body }: Page, name: string): Row => body[name] as Row;
  const rows = ({ body }: Page, name: string): readonly Row[] => body[name] as readonly Row[];

  /** Pages by `tr_cont`, with the keys of the last answer. */
  async function* paged(trId: string, path: string, params: Row, fk: string, nk: string): AsyncGenerator<Page> {
    let keys = { [fk]: '', [nk]: '' };
    for (let more = ''; ; more = 'N') {
      const page = await get(trId, path, { ...params, ...keys }, more);
      yield page;
      if (!page.hasMore) return;
      keys = { [fk]: String(page.body[fk.toLowerCase()]), [nk]: String(page.body[nk.toLowerCase()]) };
    }
  }

  return {
    price: async (code) => row(await get('FHKST01010100', `${QUOTATIONS}/inquire-price`, stock(code)), 'output'),
    book: async (code) =>
      row(await get('FHKST01010200', `${QUOTATIONS}/inquire-asking-price-exp-ccn`, stock(code)), 'output1'),
    overseas: async (exchange, symbol) =>
      row(
        await get('HHDFS00000300', '/uapi/overseas-price/v1/quotations/price', {
          AUTH: '',
          EXCD: exchange,
          SYMB: symbol,
        }),
        'output',
      ),

    async days(code, to, count) {
      const all: Row[] = [];
      for (let last = to; all.length < count; ) {
        const params = {
          ...stock(code),
          FID_INPUT_DATE_1: '20000101',
          FID_INPUT_DATE_2: last,
          FID_PERIOD_DIV_CODE: 'D',
          FID_ORG_ADJ_PRC: '0',
        };
        const page = rows(await get('FHKST03010100', `${QUOTATIONS}/inquire-daily-itemchartprice`, params), 'output2');
        all.push(...page);
        last = dayBefore(page.at(-1)?.stck_bsop_date ?? '');
      }
      return all.slice(0, count);
    },

    async minutes(code, from) {
      const all: Row[] = [];
      for (let hour = from; hour >= '090000'; ) {
        const params = { ...stock(code), FID_INPUT_HOUR_1: hour, FID_PW_DATA_INCU_YN: 'N', FID_ETC_CLS_CODE: '' };
        const page = rows(await get('FHKST03010200', `${QUOTATIONS}/inquire-time-itemchartprice`, params), 'output2');
        if (page.length === 0) break;
        all.push(...page);
        hour = minuteBefore(page.at(-1)?.stck_cntg_hour ?? '');
      }
      return all;
    },

    async pastMinutes(code, date) {
      const all: Row[] = [];
      for (let hour = '153000'; hour >= '090000'; ) {
        const params = {
          ...stock(code),
          FID_INPUT_HOUR_1: hour,
          FID_INPUT_DATE_1: date,
          FID_PW_DATA_INCU_YN: 'N',
          FID_FAKE_TICK_INCU_YN: '',
        };
        const page = rows(await get('FHKST03010230', `${QUOTATIONS}/inquire-time-dailychartprice`, params), 'output2');
        if (page.length === 0) break;
        all.push(...page);
        hour = minuteBefore(page.at(-1)?.stck_cntg_hour ?? '');
      }
      return all;
    },

    async holidays(from, pages) {
      const all: Row[] = [];
      for await (const page of paged(
        'CTCA0903R',
        `${QUOTATIONS}/chk-holiday`,
        { BASS_DT: from },
        'CTX_AREA_FK',
        'CTX_AREA_NK',
      )) {
        all.push(...rows(page, 'output'));
        pages -= 1;
        if (pages === 0) break;
      }
      return all;
    },

    async order(side, code, quantity, limit) {
      const body = {
        ...accountFields,
        PDNO: code,
        ORD_DVSN: limit === undefined ? '01' : '00',
        ORD_QTY: String(quantity),
        ORD_UNPR: String(limit ?? 0),
      };
      const init = { method: 'POST', body: JSON.stringify(body) };
      const page = await call(tradingId(side === 'buy' ? 'TTTC0012U' : 'TTTC0011U'), `${TRADING}/order-cash`, init);
      return row(page, 'output').ODNO ?? '';
    },

    async orders(date) {
      const params = {
        ...accountFields,
        INQR_STRT_DT: date,
        INQR_END_DT: date,
        SLL_BUY_DVSN_CD: '00',
        PDNO: '',
        ORD_GNO_BRNO: '',
        ODNO: '',
        CCLD_DVSN: '00',
        INQR_DVSN: '01',
        INQR_DVSN_1: '',
        INQR_DVSN_3: '00',
        EXCG_ID_DVSN_CD: 'KRX',
      };
      const all: Row[] = [];
      const pages = paged(
        tradingId('TTTC0081R'),
        `${TRADING}/inquire-daily-ccld`,
        params,
        'CTX_AREA_FK100',
        'CTX_AREA_NK100',
      );
      for await (const page of pages) all.push(...rows(page, 'output1'));
      return all;
    },

    async balance() {
      const params = {
        ...accountFields,
        AFHR_FLPR_YN: 'N',
        OFL_YN: '',
        INQR_DVSN: '02',
        UNPR_DVSN: '01',
        FUND_STTL_ICLD_YN: 'N',
        FNCG_AMT_AUTO_RDPT_YN: 'N',
        PRCS_DVSN: '00',
      };
      const holdings: Row[] = [];
      let sums: Row = {};
      let pages = 0;
      const all = paged(
        tradingId('TTTC8434R'),
        `${TRADING}/inquire-balance`,
        params,
        'CTX_AREA_FK100',
        'CTX_AREA_NK100',
      );
      for await (const page of all) {
        holdings.push(...rows(page, 'output1'));
        sums = rows(page, 'output2')[0] ?? {};
        pages += 1;
      }
      return { holdings, sums, pages };
    },
  };
}

/** YYYYMMDD. */
function dayBefore(date: string): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)].map(Number);
  const before = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, (day ?? 0) - 1));
  return before.toISOString().slice(0, 10).replaceAll('-', '');
}

/** HHMMSS; before midnight it is nothing. */
function minuteBefore(time: string): string {
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(2, 4)) - 1;
  return minutes < 0
    ? ''
    : `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}00`;
}
