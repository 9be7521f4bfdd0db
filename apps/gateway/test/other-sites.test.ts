import { describe, expect, test } from 'vitest';
import { grant, PRICE_URL, startGateway } from './harness.ts';

/** KIS's own shapes and statuses, below its own paths. */
const uapiRefusal = expect.objectContaining({ rt_cd: '1', msg_cd: 'EGW00101' });
const oauthRefusal = expect.objectContaining({ error_code: 'EGW00101' });

const PATHS = ['/v1/quotes/005930?fresh=true', '/readyz', '/metrics', '/events', '/token/status', '/docs/json'];

/** What a browser says of what a page has it ask. */
const asked = (site: string, mode = 'no-cors', dest = 'image') => ({
  host: '127.0.0.1:8080',
  'sec-fetch-site': site,
  'sec-fetch-mode': mode,
  'sec-fetch-dest': dest,
});

describe('the page of another site', () => {
  test.each(['cross-site', 'same-site'])('has its browser ask nothing, where that says it is %s', async (site) => {
    const { app, fake } = await startGateway();
    for (const url of [...PATHS, '/', '/assets/x.js']) {
      const reply = await app.inject({ url, headers: asked(site) });
      expect([reply.statusCode, reply.json()]).toMatchObject([403, { code: 'ERR_GATEWAY_SITE' }]);
    }
    const refused = [PRICE_URL, '/uapi/hashkey', '/oauth2/tokenP'].map((url) =>
      app.inject({ url, headers: asked(site) }),
    );
    expect((await Promise.all(refused)).map((reply) => [reply.statusCode, reply.json()])).toEqual([
      [500, uapiRefusal],
      [500, uapiRefusal],
      [403, oauthRefusal],
    ]);
    // A window or a frame of it is a call as any other.
    for (const dest of ['document', 'iframe']) {
      const reply = await app.inject({ url: '/v1/quotes/005930', headers: asked(site, 'navigate', dest) });
      expect(reply.statusCode).toBe(403);
    }
    expect(fake.log().entries).toEqual([]);
  });

  test.each(['cross-site', 'same-site', 'x', ''])(
    'has its browser ask nothing, where that says it is %j, whatever the origin',
    async (site) => {
      const { app, fake } = await startGateway();
      const headers = { ...asked(site, 'cors', 'empty'), origin: 'http://127.0.0.1:8080' };
      for (const url of ['/v1/quotes/005930', '/assets/x.js']) {
        expect((await app.inject({ url, headers })).statusCode).toBe(403);
      }
      expect(fake.log().entries).toEqual([]);
    },
  );

  test.each(['https://evil.example', 'http://127.0.0.1:3000', 'http://evil.example:8080', 'null', 'x'])(
    'has its browser ask nothing, where that sends its origin %s alone',
    async (origin) => {
      const { app, fake } = await startGateway();
      const headers = { host: '127.0.0.1:8080', origin, 'content-type': 'text/plain' };
      for (const url of ['/oauth2/tokenP', '/oauth2/Approval', '/v1/quotes']) {
        const reply = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(grant()) });
        expect(reply.statusCode).toBe(403);
      }
      const hash = await app.inject({ method: 'POST', url: '/uapi/hashkey', headers, payload: '{}' });
      expect(hash.json()).toEqual(uapiRefusal);
      expect((await app.inject({ method: 'OPTIONS', url: '/v1/quotes', headers })).statusCode).toBe(403);
      expect(fake.log().entries).toEqual([]);
    },
  );

  test('may lead to the dashboard and to the documentation', async () => {
    const { app } = await startGateway();
    for (const url of ['/docs', '/docs/', '/docs/static/index.html']) {
      const { statusCode } = await app.inject({ url, headers: asked('cross-site', 'navigate', 'document') });
      expect(statusCode).toBeLessThan(400);
    }
    const framed = await app.inject({ url: '/docs/', headers: asked('cross-site', 'navigate', 'iframe') });
    expect(framed.statusCode).toBe(403);
  });
});

test.each([
  [
    'the dashboard behind a server that calls us by another name',
    { ...asked('same-origin', 'cors', 'script'), origin: 'https://gateway.example' },
  ],
  ['a program, which says nothing of a site', { host: '127.0.0.1:8080' }],
  ['the dashboard', { ...asked('same-origin', 'cors', 'empty'), origin: 'http://127.0.0.1:8080' }],
  ['the dashboard behind a server that speaks TLS', { host: 'localhost', origin: 'https://localhost' }],
  ['who types the address', asked('none', 'navigate', 'document')],
])('%s may ask', async (_, headers) => {
  const { app } = await startGateway();
  for (const url of ['/v1/quotes/005930', '/metrics', '/docs/json']) {
    expect((await app.inject({ url, headers })).statusCode).toBe(200);
  }
});
