import { describe, expect, test } from 'vitest';
import { createFakeKis } from '../src/index.ts';
import { answerOf, BOOK, block, CHART, KEYS, OTHER_KEYS, PRICE, tokenOf, uapi, uapiRequest } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

const J = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930' };

async function create(options: Parameters<typeof createFakeKis>[0] = {}) {
  const clock = createManualClock(korea('2026-11-20T10:00:00'));
  const fake = createFakeKis({ clock, symbols: 120, ...options });
  return { clock, fake, token: await tokenOf(fake) };
}

describe('a call of /uapi', () => {
  test('is answered with KIS’s headers and envelope', async () => {
    const { fake, token } = await create();
    const { status, headers, body } = await uapi(fake, token, PRICE);
    expect(status).toBe(200);
    expect(body).toMatchObject({ rt_cd: '0', msg_cd: 'MCA00000', msg1: '정상처리 되었습니다.' });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('tr_id')).toBe('FHKST01010100');
    expect(headers.get('tr_cont')).toBe('');
    expect(headers.get('gt_uid')).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get('date')).toBe('Fri, 20 Nov 2026 01:00:00 GMT');
  });

  test.each([
    ['no authorization', { authorization: '' }, 'EGW00205'],
    ['a token without "Bearer "', { authorization: 'token' }, 'EGW00205'],
    ['an unknown token', { authorization: 'Bearer unknown' }, 'EGW00121'],
    ['no appkey', { appkey: '' }, 'EGW00102'],
    ['an unknown appkey', { appkey: 'PSunknown' }, 'EGW00103'],
    ['no appsecret', { appsecret: '' }, 'EGW00104'],
    ['a wrong appsecret', { appsecret: 'wrong' }, 'EGW00304'],
    ['no tr_id', { tr_id: '' }, 'OPSQ0002'],
    ['the tr_id of another path', { tr_id: 'FHKST01010200' }, 'OPSQ0002'],
  ])('with %s gets HTTP 500 and a code', async (_what, headers, code) => {
    const { fake, token } = await create();
    const answer = await uapi(fake, token, PRICE, {}, headers);
    expect(answer).toMatchObject({ status: 500, body: { rt_cd: '1', msg_cd: code } });
    expect(answer.body.msg1).not.toBe('');
  });

  test('with the token of another app key gets EGW00121', async () => {
    const { fake, token } = await create();
    await tokenOf(fake, OTHER_KEYS);
    expect((await uapi(fake, token, PRICE, {}, OTHER_KEYS)).body.msg_cd).toBe('EGW00121');
  });

  test('with an expired token gets EGW00123', async () => {
    const { fake, token, clock } = await create({ tokenLifeMs: 2_000 });
    await clock.advance(1_999);
    expect((await uapi(fake, token, PRICE)).status).toBe(200);
    await clock.advance(1);
    expect(await uapi(fake, token, PRICE)).toMatchObject({
      status: 500,
      body: { rt_cd: '1', msg_cd: 'EGW00123', msg1: '기간이 만료된 token 입니다.' },
    });
  });

  test.each([
    [PRICE, Object.keys(J)],
    [BOOK, Object.keys(J)],
    [CHART, [...Object.keys(J), 'FID_INPUT_DATE_1', 'FID_INPUT_DATE_2', 'FID_PERIOD_DIV_CODE', 'FID_ORG_ADJ_PRC']],
  ])('of %s that lacks a documented parameter gets OPSQ2001 with its name', async (path, names) => {
    const { fake, token } = await create({ limit: 100 });
    for (const missing of names) {
      const params = Object.fromEntries(names.filter((name) => name !== missing).map((name) => [name, '']));
      const request = uapiRequest(path, params, { authorization: `Bearer ${token}` });
      expect(await answerOf(await fake.handle(request))).toMatchObject({
        status: 200,
        body: { rt_cd: '2', msg_cd: 'OPSQ2001', msg1: `ERROR INPUT FIELD NOT FOUND [${missing}]` },
      });
    }
  });

  test('may name its parameters in lower case', async () => {
    const { fake, token } = await create();
    const lower = Object.fromEntries(Object.entries(J).map(([name, value]) => [name.toLowerCase(), value]));
    const request = uapiRequest(PRICE, lower, { authorization: `Bearer ${token}` });
    expect((await answerOf(await fake.handle(request))).body.rt_cd).toBe('0');
  });

  test.each(['5930', '00593O!', 'A005930', '005930 ', 'q500001'])(
    'for the malformed code %j gets MCA05918, padded',
    async (code) => {
      const { fake, token } = await create();
      const { status, body } = await uapi(fake, token, PRICE, { FID_INPUT_ISCD: code });
      expect({ status, rt_cd: body.rt_cd, msg_cd: body.msg_cd }).toEqual({
        status: 200,
        rt_cd: '7',
        msg_cd: 'MCA05918',
      });
      expect(String(body.msg1)).toMatch(/^종목코드 오류입니다\. {60}$/);
    },
  );

  test('for an unknown market gets OPSQ2001', async () => {
    const { fake, token } = await create();
    expect((await uapi(fake, token, PRICE, { FID_COND_MRKT_DIV_CODE: 'X' })).body.msg1).toBe(
      'ERROR : INPUT INVALID_CHECK_MRKT_DIV_CODE',
    );
  });

  test('for a code that no stock has gets the same fields with zeros', async () => {
    const { fake, token } = await create();
    const known = block(await uapi(fake, token, PRICE), 'output');
    const unknown = await uapi(fake, token, PRICE, { FID_INPUT_ISCD: '999999' });
    expect(unknown.body.rt_cd).toBe('0');
    const output = block(unknown, 'output');
    expect(Object.keys(output)).toEqual(Object.keys(known));
    expect(output).toMatchObject({ stck_prpr: '0', acml_vol: '0', per: '0', stck_shrn_iscd: '999999' });
    expect(block(await uapi(fake, token, BOOK, { FID_INPUT_ISCD: '999999' }), 'output1').askp1).toBe('0');
  });

  test('of any method but GET, or of an unknown path, has no service code', async () => {
    const { fake, token } = await create();
    const request = uapiRequest(PRICE, J, { authorization: `Bearer ${token}` });
    expect((await answerOf(await fake.handle(new Request(request, { method: 'POST' })))).body.msg_cd).toBe('OPSQ0002');
    expect((await uapi(fake, token, '/uapi/nothing')).body.msg_cd).toBe('OPSQ0002');
  });

  test('outside of /uapi and /oauth2 is not found', async () => {
    const { fake } = await create();
    expect((await fake.handle(new Request('http://kis.test/'))).status).toBe(404);
  });
});

describe('the limit of calls', () => {
  test('accepts 18 in any second, refuses the next with HTTP 500, and forgets each a second after it came', async () => {
    const { fake, token, clock } = await create();
    const call = async () => (await uapi(fake, token, PRICE)).body.msg_cd;
    for (let n = 0; n < 9; n++) expect(await call()).toBe('MCA00000');
    await clock.advance(500);
    for (let n = 0; n < 9; n++) expect(await call()).toBe('MCA00000');
    expect(await uapi(fake, token, PRICE)).toMatchObject({
      status: 500,
      body: { rt_cd: '1', msg_cd: 'EGW00201', msg1: '초당 거래건수를 초과하였습니다.' },
    });
    await clock.advance(499);
    expect(await call()).toBe('EGW00201');
    await clock.advance(1);
    for (let n = 0; n < 9; n++) expect(await call()).toBe('MCA00000');
    expect(await call()).toBe('EGW00201');
    expect(fake.log()).toMatchObject({ calls: 30, refusals: 3, maxInWindow: 18 });
  });

  test('is 1 in the virtual environment', async () => {
    const { fake, token } = await create({ environment: 'virtual' });
    expect((await uapi(fake, token, PRICE)).body.rt_cd).toBe('0');
    expect((await uapi(fake, token, PRICE)).body.msg_cd).toBe('EGW00201');
  });

  test('is counted per app key', async () => {
    const { fake, token } = await create({ limit: 1 });
    const other = await tokenOf(fake, OTHER_KEYS);
    expect((await uapi(fake, token, PRICE)).body.rt_cd).toBe('0');
    expect((await uapi(fake, other, PRICE, {}, OTHER_KEYS)).body.rt_cd).toBe('0');
    expect((await uapi(fake, token, PRICE)).body.msg_cd).toBe('EGW00201');
    expect(fake.log().maxInWindow).toBe(1);
  });
});

describe('the log', () => {
  test('tells what was asked and how it was judged, without keys or tokens', async () => {
    const { fake, token, clock } = await create();
    await uapi(fake, token, PRICE);
    await uapi(fake, 'unknown', PRICE);
    expect(fake.log().entries).toMatchObject([
      { atMs: clock.nowMs(), path: '/oauth2/tokenP', trId: '', kisCode: '', status: 200 },
      { path: PRICE, trId: 'FHKST01010100', kisCode: 'MCA00000', status: 200 },
      { kisCode: 'EGW00121', status: 500 },
    ]);
    expect(fake.log().entries[0]?.appKeyHash).toMatch(/^[0-9a-f]{12}$/);
    const text = JSON.stringify(fake.log());
    for (const secret of [KEYS.appkey, KEYS.appsecret, token]) expect(text).not.toContain(secret);
  });

  test('keeps the last 10,000 entries and counts them all', async () => {
    const { fake } = await create();
    for (let n = 0; n < 20_100; n++) await fake.handle(new Request('http://kis.test/uapi/x'));
    const { calls, entries } = fake.log();
    expect(calls).toBe(20_100);
    expect(entries).toHaveLength(10_000);
  });
});
