import { describe, expect, test } from 'vitest';
import { createFakeKis } from '../src/index.ts';
import { answerOf, KEYS, OTHER_KEYS, PRICE, post, tokenOf, tokenP, uapi } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

const HOUR_MS = 3_600_000;

function create(options: Parameters<typeof createFakeKis>[0] = {}) {
  const clock = createManualClock(korea('2026-11-20T10:00:00'));
  return { clock, fake: createFakeKis({ clock, symbols: 10, ...options }) };
}

describe('tokenP', () => {
  test('gives a JWT as KIS does, and its expiry as a wall time of Korea', async () => {
    const { fake } = create();
    const { status, body, headers } = await tokenP(fake);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['access_token', 'access_token_token_expired', 'token_type', 'expires_in']);
    expect(body).toMatchObject({
      access_token_token_expired: '2026-11-21 10:00:00',
      token_type: 'Bearer',
      expires_in: 86_400,
    });
    const token = String(body.access_token);
    expect(token.length).toBeGreaterThanOrEqual(346);
    expect(token.length).toBeLessThanOrEqual(350);
    const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(header).toBe('{"typ":"JWT","alg":"HS512"}');
    const iat = korea('2026-11-20T10:00:00') / 1_000;
    expect(JSON.parse(claims ?? '')).toMatchObject({
      sub: 'token',
      iss: 'unogw',
      iat,
      exp: iat + 86_400,
      jti: KEYS.appkey,
    });
    expect(headers.get('date')).toBe('Fri, 20 Nov 2026 01:00:00 GMT');
  });

  test('refuses a second question within a minute of the last issue, and gives the same token for six hours', async () => {
    const { fake, clock } = create();
    const first = await tokenP(fake);
    await clock.advance(59_999);
    expect(await tokenP(fake)).toMatchObject({
      status: 403,
      body: { error_code: 'EGW00133', error_description: '접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)' },
    });
    await clock.advance(1);
    expect((await tokenP(fake)).body).toEqual(first.body);
    await clock.advance(30_000);
    expect((await tokenP(fake)).body.error_code).toBe('EGW00133');

    await clock.advance(6 * HOUR_MS);
    const later = await tokenP(fake);
    expect(later.body.access_token).not.toBe(first.body.access_token);
    expect(later.body.access_token_token_expired).toBe('2026-11-21 16:01:30');
    expect(fake.log()).toMatchObject({ tokenRequests: 5, tokensIssued: 2 });
  });

  test('leaves the older of two tokens alive until its own expiry', async () => {
    const { fake, clock } = create();
    const first = await tokenOf(fake);
    await clock.advance(7 * HOUR_MS);
    const second = await tokenOf(fake);
    expect((await uapi(fake, first, PRICE)).body.rt_cd).toBe('0');
    await clock.advance(17 * HOUR_MS);
    expect((await uapi(fake, first, PRICE)).body.msg_cd).toBe('EGW00123');
    expect((await uapi(fake, second, PRICE)).body.rt_cd).toBe('0');
  });

  test.each([
    ['no JSON', 'grant_type=client_credentials', 'EGW00101'],
    ['no object', '[]', 'EGW00101'],
    ['no grant_type', { grant_type: undefined }, 'EGW00115'],
    ['another grant_type', { grant_type: 'password' }, 'EGW00116'],
    ['no appkey', { appkey: undefined }, 'EGW00102'],
    ['an appkey with a line end', { appkey: `${KEYS.appkey}\n` }, 'EGW00103'],
    ['an appkey that is a number', { appkey: 5 }, 'EGW00103'],
    ['no appsecret', { appsecret: '' }, 'EGW00104'],
    ['an appsecret with a blank', { appsecret: `${KEYS.appsecret} ` }, 'EGW00105'],
  ])('refuses a body with %s', async (_what, body, code) => {
    const { fake } = create();
    const all = typeof body === 'string' ? body : { grant_type: 'client_credentials', ...KEYS, ...body };
    const answer = await answerOf(await fake.handle(post('/oauth2/tokenP', all)));
    expect(answer).toMatchObject({ status: 403, body: { error_code: code } });
    expect(answer.body.error_description).not.toBe('');
  });

  test('takes the first secret that comes with a key for its own', async () => {
    const { fake } = create({ issueIntervalMs: 0 });
    await tokenOf(fake);
    expect((await tokenP(fake, { appsecret: 'another' })).body.error_code).toBe('EGW00105');
    expect((await tokenP(fake, { appkey: OTHER_KEYS.appkey, appsecret: 'another' })).status).toBe(200);
  });

  test('lets nobody else in where credentials are given', async () => {
    const { fake } = create({ credentials: [{ appKey: KEYS.appkey, appSecret: KEYS.appsecret }] });
    expect((await tokenP(fake, OTHER_KEYS)).body.error_code).toBe('EGW00103');
    expect((await tokenP(fake, { appsecret: OTHER_KEYS.appsecret })).body.error_code).toBe('EGW00105');
    expect((await tokenP(fake)).status).toBe(200);
  });

  test('counts the interval per app key', async () => {
    const { fake } = create();
    expect((await tokenP(fake)).status).toBe(200);
    expect((await tokenP(fake, OTHER_KEYS)).status).toBe(200);
    expect(fake.log(KEYS.appkey)).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
    expect(fake.log()).toMatchObject({ tokenRequests: 2, tokensIssued: 2 });
  });

  test('gives each of KIS’s hosts tokens that the other does not know', async () => {
    const [real, virtual] = [create().fake, create({ environment: 'virtual' }).fake];
    const [ofReal, ofVirtual] = [await tokenOf(real), await tokenOf(virtual)];
    expect((await uapi(real, ofReal, PRICE)).status).toBe(200);
    expect((await uapi(real, ofVirtual, PRICE)).body.msg_cd).toBe('EGW00121');
    expect((await uapi(virtual, ofReal, PRICE)).body.msg_cd).toBe('EGW00121');
    expect((await uapi(virtual, ofVirtual, PRICE)).status).toBe(200);
  });
});

describe('revokeP', () => {
  test('kills the token at once, and the next issue that the interval allows makes a new one', async () => {
    const { fake, clock } = create();
    const token = await tokenOf(fake);
    const revoked = await answerOf(await fake.handle(post('/oauth2/revokeP', { ...KEYS, token })));
    expect(revoked.body).toEqual({ code: 200, message: '접근토큰 폐기에 성공하였습니다' });
    expect(await uapi(fake, token, PRICE)).toMatchObject({ status: 500, body: { msg_cd: 'EGW00121' } });
    expect((await tokenP(fake)).body.error_code).toBe('EGW00133');
    await clock.advance(60_000);
    expect(await tokenOf(fake)).not.toBe(token);
  });

  test('refuses tokens that are unknown, dead already, or another key’s', async () => {
    const { fake } = create();
    const token = await tokenOf(fake);
    await tokenOf(fake, OTHER_KEYS);
    const revoke = async (fields: object) =>
      (await answerOf(await fake.handle(post('/oauth2/revokeP', { ...KEYS, ...fields })))).body.error_code;
    expect(await revoke({})).toBe('EGW00122');
    expect(await revoke({ token: 'unknown' })).toBe('EGW00121');
    expect(await revoke({ ...OTHER_KEYS, token })).toBe('EGW00121');
    expect(await revoke({ token })).toBeUndefined();
    expect(await revoke({ token })).toBe('EGW00121');
  });
});

describe('Approval', () => {
  test('gives a key for the secret under its other name', async () => {
    const { fake } = create();
    const ask = async (fields: object) =>
      (await answerOf(await fake.handle(post('/oauth2/Approval', { grant_type: 'client_credentials', ...fields }))))
        .body;
    expect(await ask({ appkey: KEYS.appkey, secretkey: KEYS.appsecret })).toEqual({
      approval_key: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect((await ask(KEYS)).error_code).toBe('EGW00104');
  });
});
