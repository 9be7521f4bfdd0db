import { type Clock, createFakeKis } from '@kis/mock';
import type { Table } from './table.ts';

const KEYS = { appkey: 'PSBENCHBENCHBENCHBENCHBENCHBENCHBE01', appsecret: 'benchsecret' };
const QUOTES = '/uapi/domestic-stock/v1/quotations';
const TRADING = '/uapi/domestic-stock/v1/trading';

type Params = Readonly<Record<string, string>>;

/** What the fake's dearest questions cost, of 2,600 stocks: all others take less. */
export async function benchFake(): Promise<Table> {
  let nowMs = Date.parse('2026-11-30T10:00:00+09:00');
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => () => {} };
  const fake = createFakeKis({ clock, limit: 1_000_000, cash: 1_000_000_000_000 });
  const body = JSON.stringify({ grant_type: 'client_credentials', ...KEYS });
  const tokenReply = await fake.handle(new Request('http://kis.test/oauth2/tokenP', { method: 'POST', body }));
  const { access_token } = (await tokenReply.json()) as { access_token: string };
  const headers = (trId: string) => ({ ...KEYS, authorization: `Bearer ${access_token}`, tr_id: trId });

  const get = (path: string, trId: string, params: Params) => async () => {
    const reply = await fake.handle(
      new Request(`http://kis.test${path}?${new URLSearchParams(params)}`, { headers: headers(trId) }),
    );
    const { rt_cd } = (await reply.json()) as { rt_cd: string };
    if (rt_cd !== '0') throw new Error(`${path}: rt_cd ${rt_cd}`);
  };
  const stock = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930' };
  const account = { CANO: '12345678', ACNT_PRDT_CD: '01' };
  const page = { CTX_AREA_FK100: '', CTX_AREA_NK100: '' };
  const balance = get(`${TRADING}/inquire-balance`, 'TTTC8434R', {
    ...{ ...account, ...page, AFHR_FLPR_YN: 'N', OFL_YN: '', INQR_DVSN: '02', UNPR_DVSN: '01' },
    ...{ FUND_STTL_ICLD_YN: 'N', FNCG_AMT_AUTO_RDPT_YN: 'N', PRCS_DVSN: '00' },
  });
  const questions: Readonly<Record<string, () => Promise<void>>> = {
    'inquire-price': get(`${QUOTES}/inquire-price`, 'FHKST01010100', stock),
    'volume-rank, prices have moved': get(`${QUOTES}/volume-rank`, 'FHPST01710000', {
      ...{ FID_COND_MRKT_DIV_CODE: 'J', FID_COND_SCR_DIV_CODE: '20171', FID_INPUT_ISCD: '0000', FID_DIV_CLS_CODE: '0' },
      ...{ FID_BLNG_CLS_CODE: '0', FID_TRGT_CLS_CODE: '111111111', FID_TRGT_EXLS_CLS_CODE: '0000000000' },
      ...{ FID_INPUT_PRICE_1: '', FID_INPUT_PRICE_2: '', FID_VOL_CNT: '' },
    }),
    'bars of 60 minutes abroad': get(
      '/uapi/overseas-price/v1/quotations/inquire-time-itemchartprice',
      'HHDFS76950200',
      { AUTH: '', EXCD: 'NAS', SYMB: 'AAPL', NMIN: '60', PINC: '1', NEXT: '', NREC: '120', FILL: '', KEYB: '' },
    ),
  };

  for (const { code } of fake.symbols.slice(0, 100)) {
    for (let n = 0; n < 30; n++) {
      const order = { ...account, PDNO: code, ORD_DVSN: '01', ORD_QTY: '1', ORD_UNPR: '0' };
      const init = { method: 'POST', headers: headers('TTTC0012U'), body: JSON.stringify(order) };
      await fake.handle(new Request(`http://kis.test${TRADING}/order-cash`, init));
    }
  }

  const rows: [string, number][] = [];
  for (const [name, ask] of Object.entries({ ...questions, 'inquire-balance': balance })) {
    const runs: number[] = [];
    for (let n = 0; n < 9; n++) {
      nowMs += 5_000;
      const before = process.cpuUsage();
      await ask();
      const { user, system } = process.cpuUsage(before);
      runs.push((user + system) / 1_000);
    }
    rows.push([name, Math.min(...runs)]);
  }
  return {
    title: 'The fake: its dearest questions',
    note: '2,600 stocks, an account with 3,000 orders; processor time of a question, best of 9.',
    columns: ['question', 'ms'],
    rows: rows.map(([name, ms]) => [name, ms.toFixed(1)]),
  };
}
