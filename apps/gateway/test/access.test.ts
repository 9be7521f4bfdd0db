import { describe, expect, test } from 'vitest';
import { API_KEY, APP_KEY, grant, headersFor, PRICE_URL, startGateway } from './harness.ts';

describe('the Host header', () => {
  test.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '192.168.0.7', '[::1]:8080', 'gateway', 'GATEWAY:80'])(
    'may be %s',
    async (host) => {
      const { app } = await startGateway({ env: { GATEWAY_HOST_NAMES: 'gateway' } });
      expect((await app.inject({ url: '/healthz', headers: { host } })).statusCode).toBe(200);
    },
  );

  test.each(['evil.example', 'localhost.evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '[::1', 'a@b'])(
    'may not be %j, as it is when the name of a stranger leads here',
    async (host) => {
      const { app, fake } = await startGateway();
      for (const url of ['/v1/quotes/005930', '/healthz', '/']) {
        expect((await app.inject({ url, headers: { host } })).statusCode).toBe(421);
      }
      // Existing clients are told in words that they can read, and people beside that.
      const price = await app.inject({ url: PRICE_URL, headers: { host } });
      expect(price.json()).toMatchObject({ rt_cd: '1', msg_cd: 'EGW00101' });
      expect(price.headers['x-gateway-reason']).toContain('GATEWAY_HOST_NAMES');
      const token = await app.inject({ method: 'POST', url: '/oauth2/tokenP', headers: { host }, payload: grant() });
      expect([token.statusCode, token.json()]).toMatchObject([403, { error_code: 'EGW00101' }]);
      expect(fake.log().entries).toEqual([]);
    },
  );
});

describe('a gateway that listens to others', () => {
  const env = { HOST: '0.0.0.0' };

  test('gives nothing but health, the page and the documentation without its key', async () => {
    const { app, fake } = await startGateway({ env });
    for (const url of ['/v1/quotes/005930', '/events', '/metrics', '/token/status']) {
      const wrong = [{ 'x-api-key': 'wrong' }, { 'x-api-key': `${API_KEY}x` }, { authorization: 'Bearer wrong' }];
      for (const headers of [{}, ...wrong]) {
        const reply = await app.inject({ url, headers });
        expect(reply.statusCode).toBe(401);
        expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
        expect(reply.json()).toMatchObject({ code: 'ERR_GATEWAY_KEY' });
      }
    }
    expect(fake.log().entries).toEqual([]);
    for (const headers of [{ 'x-api-key': API_KEY }, { authorization: `Bearer ${API_KEY}` }]) {
      for (const url of ['/v1/quotes/005930', '/metrics']) {
        expect((await app.inject({ url, headers })).statusCode).toBe(200);
      }
    }
    for (const url of ['/healthz', '/readyz', '/docs/', '/docs/json', '/docs/static/swagger-ui.css']) {
      expect((await app.inject(url)).statusCode).toBe(200);
    }
  });

  test('tells by its documentation nothing of itself: it is the same for every gateway', async () => {
    const [one, other] = await Promise.all([
      startGateway(),
      startGateway({
        env: { ...env, GATEWAY_HOST_NAMES: 'gateway', KIS_APP_KEY: 'PSanother', GATEWAY_BOARD: '000660' },
      }),
    ]);
    for (const url of ['/docs/', '/docs/json', '/docs/yaml', '/docs/static/swagger-initializer.js']) {
      const [known, { payload }] = await Promise.all([
        one.app.inject(url),
        other.app.inject({ url, headers: { host: 'gateway' } }),
      ]);
      expect([known.statusCode, payload]).toEqual([200, known.payload]);
    }
  });

  test('tells only those who have the key what of it is missing where: paths and hosts are in that', async () => {
    const { app } = await startGateway({ env });
    const ask = async (headers: Record<string, string>) => (await app.inject({ url: '/readyz', headers })).json();
    expect(await ask({})).toMatchObject({ ready: false, missing: ['token'] });
    expect(await ask({})).not.toHaveProperty('details');
    expect(await ask({ authorization: `Bearer ${API_KEY}` })).toHaveProperty('details', ['main: NO_TOKEN']);
  });

  test('does not tell without the key which app keys there are', async () => {
    const { app } = await startGateway({ env });
    const answers = [];
    for (const appkey of [APP_KEY, 'PSanother']) {
      const headers = { appkey, authorization: 'Bearer x', tr_id: 'FHKST01010100' };
      answers.push((await app.inject({ url: PRICE_URL, headers })).json());
      answers.push((await app.inject({ method: 'POST', url: '/uapi/hashkey', headers, payload: {} })).json());
      answers.push((await app.inject({ method: 'POST', url: '/oauth2/tokenP', payload: grant(appkey) })).json());
    }
    expect(answers.slice(0, 3)).toMatchObject([
      { msg_cd: 'EGW00304' },
      { msg_cd: 'EGW00304' },
      { error_code: 'EGW00105' },
    ]);
    expect(answers.slice(3)).toEqual(answers.slice(0, 3));
  });

  test('takes the key in the place of the app secret, so that existing clients need no change of code', async () => {
    const { app } = await startGateway({ env });
    const ask = (payload: object) => app.inject({ method: 'POST', url: '/oauth2/tokenP', payload });
    expect((await ask(grant())).json()).toMatchObject({ error_code: 'EGW00105' });
    expect((await ask(grant(undefined, API_KEY))).statusCode).toBe(200);
    const headers = await headersFor(app, 'FHKST01010100', API_KEY);
    expect((await app.inject({ url: PRICE_URL, headers })).json()).toMatchObject({ rt_cd: '0' });
    const refused = await app.inject({ url: PRICE_URL, headers: { ...headers, appsecret: 'wrong' } });
    expect(refused.json()).toMatchObject({ msg_cd: 'EGW00304' });
  });
});
