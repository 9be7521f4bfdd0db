import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKisOptions } from '../src/index.ts';
import { answerOf, BOOK, block, KEYS, OTHER_KEYS, post, tokenOf, uapi } from './calls.ts';
import { openDesk } from './trading-desk.ts';

const OTHER_ACCOUNT = { CANO: '87654321', ACNT_PRDT_CD: '01' };

describe('an account', () => {
  test('is the first well-formed one that is asked about', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    for (const bad of [{ CANO: '1234567' }, { CANO: '1234567a' }, { ACNT_PRDT_CD: '1' }, { ACNT_PRDT_CD: '' }]) {
      expect((await desk.balance(bad)).body).toEqual({
        rt_cd: '2',
        msg_cd: 'OPSQ2000',
        msg1: 'ERROR : INPUT INVALID_CHECK_ACNO',
      });
    }
    expect((await desk.balance(OTHER_ACCOUNT)).body.rt_cd).toBe('0');
    expect((await desk.balance()).body.msg_cd).toBe('OPSQ2000');
    expect((await desk.buy()).body.msg_cd).toBe('OPSQ2000');
    expect((await desk.buy(OTHER_ACCOUNT)).body.rt_cd).toBe('0');
  });

  test('is the one that comes with the credentials', async () => {
    const credentials = [{ appKey: KEYS.appkey, appSecret: KEYS.appsecret, accountNo: '87654321-01' }];
    const desk = await openDesk('2026-11-20T10:30:07', { credentials });
    expect((await desk.balance()).body.msg_cd).toBe('OPSQ2000');
    expect((await desk.balance(OTHER_ACCOUNT)).body.rt_cd).toBe('0');
  });

  test('is nobody else’s: neither the one of other credentials, nor the one that another key has asked about', async () => {
    const other = { appKey: OTHER_KEYS.appkey, appSecret: OTHER_KEYS.appsecret };
    const own = { appKey: KEYS.appkey, appSecret: KEYS.appsecret };
    for (const credentials of [undefined, [own, { ...other, accountNo: '87654321-01' }]]) {
      const desk = await openDesk('2026-11-20T10:30:07', credentials ? { credentials } : {});
      const others = { ...OTHER_KEYS, authorization: `Bearer ${await tokenOf(desk.fake, OTHER_KEYS)}` };
      expect((await desk.balance(OTHER_ACCOUNT, others)).body.rt_cd).toBe('0');
      expect((await desk.balance(OTHER_ACCOUNT)).body.msg_cd).toBe('OPSQ2000');
      expect((await desk.balance()).body.rt_cd).toBe('0');
      expect((await desk.balance({}, others)).body.msg_cd).toBe('OPSQ2000');
    }
  });

  test.each([
    [{ cash: -1 }, 'mock: `cash` must be an integer from 0 to 1000000000000, got -1'],
    [{ cash: 0.5 }, 'mock: `cash` must be an integer from 0 to 1000000000000, got 0.5'],
    [
      { credentials: [{ appKey: 'PSkey', appSecret: 'testsecret+/=', accountNo: '1234567801' }] },
      'mock: `credentials[0].accountNo` must be eight digits, a dash and two digits',
    ],
    [
      {
        credentials: ['PSone', 'PStwo'].map((appKey) => ({
          appKey,
          appSecret: 'testsecret+/=',
          accountNo: '12345678-01',
        })),
      },
      'mock: `credentials[1].accountNo` is that of `credentials[0]`',
    ],
  ])('cannot be %j', (options, message) => {
    expect(() => createFakeKis(options as FakeKisOptions)).toThrow(message);
  });

  test('meets the ledger’s own limit when a test orders it', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    desk.fake.control({ failNext: { count: 1, path: '/trading/order-cash', kisCode: 'EGW00215' } });
    const refused = await desk.buy();
    expect([refused.status, refused.body.rt_cd, refused.body.msg_cd]).toEqual([500, '1', 'EGW00215']);
    expect((await desk.balance()).body.output1).toEqual([]);
    expect((await desk.buy()).body.rt_cd).toBe('0');
  });

  test('sells no share before it was bought, though the clock goes back', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    await desk.buy();
    const { nowMs } = desk.clock;
    Object.assign(desk.clock, { nowMs: () => nowMs() - 1_000 });
    await desk.sell();
    const [holding] = (await desk.balance()).body.output1 as readonly object[];
    expect(holding).toMatchObject({ hldg_qty: '0', pchs_amt: '0', pchs_avg_pric: '0.0000' });
  });

  test('trades at the prices of its own moment, though the clock goes back', async () => {
    const desk = await openDesk('2026-11-30T10:00:00');
    await desk.buy();
    const { askp1 } = block(await uapi(desk.fake, desk.token, BOOK), 'output1');
    const { nowMs } = desk.clock;
    // To another session, of other prices.
    Object.assign(desk.clock, { nowMs: () => nowMs() - 26 * 86_400_000 });
    const { psbl_qty_calc_unpr } = await desk.orderable({ ORD_DVSN: '03' });
    expect(psbl_qty_calc_unpr).toBe(askp1);
    const state = await desk.stateOf(await desk.buy());
    expect(state).toMatchObject({ ord_dt: '20261130', ord_tmd: '100000', avg_prvs: askp1, tot_ccld_qty: '10' });
  });

  test('answers whatever is sent, and never fails', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const values = ['', '0', '-1', '00', '1e999', '99999999999999999999', ' ', '\u0000', '가', 'Y', '20260230', "'"];
    const names = 'PDNO ORD_DVSN ORD_QTY ORD_UNPR SLL_TYPE EXCG_ID_DVSN_CD'.split(' ');
    for (const name of names) for (const value of values) expect((await desk.buy({ [name]: value })).status).toBe(200);
    const order = await desk.buy();
    const change = 'KRX_FWDG_ORD_ORGNO ORGN_ODNO ORD_DVSN RVSE_CNCL_DVSN_CD ORD_QTY ORD_UNPR QTY_ALL_ORD_YN'.split(' ');
    for (const name of change) {
      for (const value of values) expect((await desk.revise(order, { [name]: value })).status).toBe(200);
    }
    const list = 'INQR_STRT_DT SLL_BUY_DVSN_CD PDNO ORD_GNO_BRNO ODNO CCLD_DVSN INQR_DVSN CTX_AREA_NK100'.split(' ');
    for (const name of list) {
      for (const value of values) {
        expect((await desk.history({ [name]: value }, { tr_cont: 'N' })).status).toBe(200);
        expect((await desk.balance({ [name]: value }, { tr_cont: 'N' })).status).toBe(200);
      }
    }
  });
});

describe('a hash key', () => {
  const ask = (body: unknown, headers: Readonly<Record<string, string>> = KEYS, method = 'POST'): Request => {
    const request = post('/uapi/hashkey', body);
    return method === 'POST' ? new Request(request, { headers }) : new Request(request.url, { method, headers });
  };
  const order = { CANO: '12345678', ACNT_PRDT_CD: '01', ORD_QTY: '1' };

  test('is made of an order, without a token', async () => {
    const fake = createFakeKis({ symbols: 10 });
    const first = await answerOf(await fake.handle(ask(order)));
    expect(first.status).toBe(200);
    expect(Object.keys(first.body)).toEqual(['BODY', 'HASH']);
    expect(first.body.BODY).toEqual(order);
    expect(first.body.HASH).toMatch(/^[0-9a-f]{64}$/);
    expect((await answerOf(await fake.handle(ask(order)))).body).toEqual(first.body);
    const other = await answerOf(await fake.handle(ask({ ...order, ORD_QTY: '2' })));
    expect(other.body.HASH).not.toBe(first.body.HASH);
  });

  test('needs the keys and a body, and counts as a call', async () => {
    const fake = createFakeKis({ symbols: 10, limit: 4 });
    const codeOf = async (request: Request): Promise<unknown> =>
      (await answerOf(await fake.handle(request))).body.msg_cd;
    expect(await codeOf(ask(order, {}))).toBe('EGW00102');
    expect(await codeOf(ask(order, { appkey: KEYS.appkey }))).toBe('EGW00104');
    expect(await codeOf(ask(order))).toBe(undefined);
    expect(await codeOf(ask(order, { ...KEYS, appsecret: OTHER_KEYS.appsecret }))).toBe('EGW00304');
    expect(await codeOf(ask('[1]'))).toBe('OPSQ9997');
    expect(await codeOf(ask('', KEYS, 'GET'))).toBe('OPSQ0002');
    expect(await codeOf(ask(order))).toBe(undefined);
    expect(await codeOf(ask(order))).toBe('EGW00201');
  });

  test('is not made of what is nested too deeply', async () => {
    const fake = createFakeKis({ symbols: 10 });
    const nested = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { status, body } = await answerOf(await fake.handle(ask(nested)));
    expect([status, body.msg_cd]).toEqual([500, 'OPSQ9997']);
  });
});
