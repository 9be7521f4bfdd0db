import { createFakeKis } from '@kis/mock';
import { describe, expect, test } from 'vitest';
import { createGatewayTokens } from '../src/accounts/gateway-token.ts';
import {
  API_KEY,
  APP_KEY,
  APP_SECRET,
  grant,
  headersFor,
  ORDER,
  ORDER_PATH,
  openMarket,
  PRICE_PATH,
  PRICE_URL,
  startGateway,
} from './harness.ts';

const PRICE = 'FHKST01010100';

describe('an existing client', () => {
  test('gets a token in the shape of KIS, which is not the one of KIS', async () => {
    const { app, fake } = await startGateway();
    const reply = await app.inject({ method: 'POST', url: '/oauth2/tokenP', payload: grant() });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      access_token_token_expired: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      token_type: 'Bearer',
      expires_in: 86_400,
    });
    const { access_token: token } = reply.json<{ access_token: string }>();
    expect(token.length).toBeGreaterThan(300);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ jti: APP_KEY, exp: claims.iat + 86_400 });
    expect(fake.log().tokenRequests).toBe(0);
    const direct = { authorization: `Bearer ${token}`, appkey: APP_KEY, appsecret: APP_SECRET, tr_id: PRICE };
    const refused = await fake.handle(new Request(`https://kis.test${PRICE_URL}`, { headers: direct }));
    expect(await refused.json()).toMatchObject({ msg_cd: 'EGW00121' });
  });

  test('gets byte for byte what KIS says, with its status and headers', async () => {
    const still = openMarket();
    const clock = { ...still, nowMs: () => Date.parse('2026-11-26T10:00:00+09:00') };
    const { app } = await startGateway({ kis: { clock } });
    const twin = createFakeKis({ clock });
    const keys = { appkey: APP_KEY, appsecret: APP_SECRET };
    const body = JSON.stringify({ grant_type: 'client_credentials', ...keys });
    const issued = await twin.handle(new Request('https://kis.test/oauth2/tokenP', { method: 'POST', body }));
    const { access_token } = (await issued.json()) as { access_token: string };
    const asked = [
      [PRICE_URL, PRICE],
      // KIS's refusals of its input, with HTTP 200, and of what it does not know, with HTTP 500.
      [`${PRICE_PATH}?FID_INPUT_ISCD=005930`, PRICE],
      [PRICE_URL, 'FHKST00000000'],
      [`/uapi/domestic-stock/v1/quotations/search-info?PRDT_TYPE_CD=300&PDNO=999999`, 'CTPF1604R'],
    ] as const;
    for (const [url, trId] of asked) {
      const headers = { ...keys, authorization: `Bearer ${access_token}`, tr_id: trId, gt_uid: 'a'.repeat(32) };
      const direct = await twin.handle(new Request(`https://kis.test${url}`, { headers }));
      const ours = await app.inject({ url, headers: { ...(await headersFor(app, trId)), gt_uid: 'a'.repeat(32) } });
      expect(ours.payload).toBe(await direct.text());
      expect(ours.statusCode).toBe(direct.status);
      for (const name of ['content-type', 'tr_id', 'tr_cont', 'gt_uid']) {
        expect(ours.headers[name]).toBe(direct.headers.get(name));
      }
    }
  });

  test('pages by tr_cont, which passes in both directions', async () => {
    const { app } = await startGateway();
    const headers = await headersFor(app, 'TTTC8434R');
    const params = new URLSearchParams({
      ...{ CANO: '12345678', ACNT_PRDT_CD: '01', AFHR_FLPR_YN: 'N', OFL_YN: '', INQR_DVSN: '02', UNPR_DVSN: '01' },
      ...{
        FUND_STTL_ICLD_YN: 'N',
        FNCG_AMT_AUTO_RDPT_YN: 'N',
        PRCS_DVSN: '00',
        CTX_AREA_FK100: '',
        CTX_AREA_NK100: '',
      },
    });
    const url = `/uapi/domestic-stock/v1/trading/inquire-balance?${params}`;
    const first = await app.inject({ url, headers });
    expect(first.json()).toMatchObject({ rt_cd: '0' });
    expect(first.headers.tr_cont).toMatch(/^[FMDE]?$/);
    const next = await app.inject({ url, headers: { ...headers, tr_cont: 'N' } });
    expect(next.json()).toMatchObject({ rt_cd: '0' });
  });

  test('needs no secret, and is told of a wrong app key as by KIS', async () => {
    const { app } = await startGateway();
    const post = (payload: object) => app.inject({ method: 'POST', url: '/oauth2/tokenP', payload });
    const { statusCode } = await post({ grant_type: 'client_credentials', appkey: APP_KEY });
    expect(statusCode).toBe(200);
    const wrong = await post(grant('PSanother'));
    expect([wrong.statusCode, wrong.json()]).toEqual([
      403,
      { error_description: '유효하지 않은 AppKey입니다.', error_code: 'EGW00103' },
    ]);
    expect((await post({ ...grant(), grant_type: 'password' })).json()).toMatchObject({ error_code: 'EGW00116' });
    expect((await post({ appkey: APP_KEY })).json()).toMatchObject({ error_code: 'EGW00115' });
    expect((await post({ grant_type: 'client_credentials' })).json()).toMatchObject({ error_code: 'EGW00102' });
  });

  test('is told of a token that is unknown or has ended in the words of KIS, and so asks for another', async () => {
    const { app, fake } = await startGateway();
    const headers = await headersFor(app, PRICE);
    const nowMs = () => Date.now() - 86_401_000;
    const { value } = createGatewayTokens({ appKey: APP_KEY, appSecret: APP_SECRET, nowMs }).issue();
    const ask = async (change: object) => {
      const reply = await app.inject({ url: PRICE_URL, headers: { ...headers, ...change } });
      return [reply.statusCode, reply.json<{ msg_cd: string }>().msg_cd];
    };
    expect(await ask({})).toEqual([200, 'MCA00000']);
    expect(await ask({ authorization: `Bearer ${value}` })).toEqual([500, 'EGW00123']);
    expect(await ask({ authorization: `${headers.authorization}x` })).toEqual([500, 'EGW00121']);
    expect(await ask({ authorization: 'Bearer x' })).toEqual([500, 'EGW00121']);
    expect(await ask({ authorization: 'Basic x' })).toEqual([500, 'EGW00205']);
    expect(await ask({ appkey: 'PSanother' })).toEqual([500, 'EGW00103']);
    expect(await ask({ appkey: '' })).toEqual([500, 'EGW00102']);
    expect(fake.log().calls).toBe(1);
  });

  test('keeps its token when the gateway is started again', async () => {
    const before = await startGateway();
    const headers = await headersFor(before.app, PRICE);
    await before.gateway.close();
    const { app } = await startGateway();
    expect((await app.inject({ url: PRICE_URL, headers })).json()).toMatchObject({ rt_cd: '0' });
  });

  test('may give its token back, and nothing is revoked', async () => {
    const { app, fake } = await startGateway();
    const headers = await headersFor(app, PRICE);
    const payload = { appkey: APP_KEY, appsecret: 'no secret', token: headers.authorization?.slice(7) };
    const reply = await app.inject({ method: 'POST', url: '/oauth2/revokeP', payload });
    expect(reply.json()).toEqual({ code: 200, message: '접근토큰 폐기에 성공하였습니다' });
    expect((await app.inject({ url: PRICE_URL, headers })).json()).toMatchObject({ rt_cd: '0' });
    expect(fake.log().entries.map(({ path }) => path)).not.toContain('/oauth2/revokeP');
  });

  test('gets hashes, and keys to the sockets, by the keys of the account', async () => {
    const { app, fake, logged } = await startGateway();
    const headers = { appkey: APP_KEY, appsecret: 'no secret', 'content-type': 'application/json' };
    const hash = await app.inject({ method: 'POST', url: '/uapi/hashkey', headers, payload: { CANO: '12345678' } });
    expect(hash.json()).toEqual({ BODY: { CANO: '12345678' }, HASH: expect.stringMatching(/^[0-9a-f]{64}$/) });
    // As KIS's own samples ask for it, with the order's `tr_id`: there is none to look up where no answer came.
    fake.control({ failNext: { count: 1, path: '/uapi/hashkey', cut: 'after' } });
    const ofOrder = { ...headers, tr_id: 'TTTC0012U' };
    const ask = { method: 'POST', url: '/uapi/hashkey', headers: ofOrder, payload: { CANO: '1' } } as const;
    expect((await app.inject(ask)).json()).toMatchObject({ msg_cd: 'EGW00202' });
    expect((await app.inject(ask)).json()).toMatchObject({ HASH: expect.any(String) });
    expect(fake.log().entries.map(({ trId }) => trId ?? '')).not.toContain('hashkey');
    expect(logged()).not.toContain('"msg":"order"');
    const payload = { grant_type: 'client_credentials', appkey: APP_KEY, secretkey: 'no secret' };
    const approval = await app.inject({ method: 'POST', url: '/oauth2/Approval', payload });
    expect(approval.json()).toEqual({ approval_key: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test('is told why there is no key to the sockets', async () => {
    const { app, fake } = await startGateway();
    fake.control({ failNext: { count: 1, path: '/oauth2/Approval', cut: 'after' } });
    const payload = { grant_type: 'client_credentials', appkey: APP_KEY, secretkey: 'no secret' };
    const reply = await app.inject({ method: 'POST', url: '/oauth2/Approval', payload });
    expect(reply.json()).toMatchObject({ error_code: 'EGW00202' });
    expect(reply.headers['x-gateway-reason']).toBe('KIS did not answer');
  });

  test('has what KIS refuses it among the last errors of the dashboard, orders too', async () => {
    const { gateway, app, fake } = await startGateway();
    const refused = [
      { trId: PRICE, kisCode: 'EGW00206', ask: { url: PRICE_URL } },
      { trId: 'TTTC0012U', kisCode: 'EGW00301', ask: { method: 'POST', url: ORDER_PATH, payload: ORDER } },
    ] as const;
    for (const { trId, kisCode, ask } of refused) {
      const headers = await headersFor(app, trId, API_KEY);
      fake.control({ failNext: { count: 1, kisCode, trId } });
      expect((await app.inject({ ...ask, headers })).json()).toMatchObject({ msg_cd: kisCode });
    }
    const stream = await fetch(`${await gateway.listen()}/events`);
    const { value } = (await stream.body?.getReader().read()) ?? {};
    const [, hello = ''] = /event: hello\ndata: (.*)/.exec(Buffer.from(value ?? []).toString()) ?? [];
    expect(JSON.parse(hello).problems).toEqual(
      [...refused]
        .reverse()
        .map(({ trId, kisCode }) => expect.objectContaining({ where: trId, kisCode, account: 'main' })),
    );
  });

  test('does not see that KIS refused its call for the rate', async () => {
    const { app, fake } = await startGateway();
    const headers = await headersFor(app, PRICE);
    fake.control({ failNext: { count: 1, path: PRICE_PATH, kisCode: 'EGW00201' } });
    expect((await app.inject({ url: PRICE_URL, headers })).json()).toMatchObject({ rt_cd: '0' });
    expect(fake.log().entries.map(({ kisCode }) => kisCode)).toEqual(['', 'EGW00201', 'MCA00000']);
  });

  test('is answered in the words of KIS when KIS cannot be reached', async () => {
    const { app, fake } = await startGateway();
    const headers = await headersFor(app, PRICE);
    expect((await app.inject({ url: PRICE_URL, headers })).json()).toMatchObject({ rt_cd: '0' });
    fake.control({ failNext: { count: 100, cut: 'before' } });
    const reply = await app.inject({ url: PRICE_URL, headers });
    expect([reply.statusCode, reply.json()]).toEqual([
      500,
      expect.objectContaining({ rt_cd: '1', msg_cd: 'EGW00202' }),
    ]);
    // That it has to be looked up is said of orders alone.
    expect(reply.headers['x-gateway-reason']).toBe('KIS did not answer');
    const open = await app.inject({ url: PRICE_URL, headers });
    expect(open.json()).toMatchObject({ rt_cd: '1' });
    expect(open.headers['x-gateway-reason']).toBeDefined();
  });
});
