import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis } from '../src/index.ts';
import { loadMsw } from '../src/load-msw.ts';
import { type KisHandlersOptions, kisHandlers } from '../src/msw.ts';
import { KEYS } from './calls.ts';

/** The status of what the fake's handlers leave to others. */
const ELSEWHERE = 418;

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

function listen(fake: FakeKis, options?: KisHandlersOptions): void {
  const elsewhere = http.all('*', () => new HttpResponse(null, { status: ELSEWHERE }));
  const server = setupServer(...kisHandlers(fake, options), elsewhere);
  server.listen();
  open.push(server);
}

const REAL = 'https://openapi.koreainvestment.com:9443';
const VIRTUAL = 'https://openapivts.koreainvestment.com:29443';
const ask = (origin: string): Promise<Response> =>
  fetch(`${origin}/oauth2/tokenP`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credentials', ...KEYS }),
  });

describe('kisHandlers', () => {
  test.each([
    ['real', REAL, VIRTUAL],
    ['virtual', VIRTUAL, REAL],
  ] as const)('answer for KIS’s own %s host, and not for the other one', async (environment, own, other) => {
    listen(createFakeKis({ symbols: 1, environment }));
    expect((await ask(own)).status).toBe(200);
    expect((await ask(other)).status).toBe(ELSEWHERE);
  });

  test('answer for the origin of a base URL instead', async () => {
    listen(createFakeKis({ symbols: 1 }), { baseUrl: 'http://kis.test:8080/base/' });
    expect((await ask('http://kis.test:8080')).status).toBe(200);
    expect((await ask(REAL)).status).toBe(ELSEWHERE);
  });

  test('answer for the files of symbols, and for nothing else of that host', async () => {
    listen(createFakeKis({ symbols: 1 }));
    const host = 'https://new.real.download.dws.co.kr';
    expect((await fetch(`${host}/common/master/idxcode.mst.zip`)).headers.get('content-type')).toBe('application/zip');
    expect((await fetch(`${host}/else`)).status).toBe(ELSEWHERE);
  });

  test('answer for the Korea Exchange’s API, and for nothing else of that host', async () => {
    listen(createFakeKis({ symbols: 1 }));
    const host = 'http://data-dbg.krx.co.kr';
    const path = '/svc/apis/sto/stk_bydd_trd?basDd=20240105';
    const reply = await fetch(host + path, { headers: { AUTH_KEY: 'testsecret+/=' } });
    expect(await reply.json()).toMatchObject({ OutBlock_1: [{ ISU_CD: '005930' }] });
    expect((await fetch(`${host}/else`)).status).toBe(ELSEWHERE);
  });

  test('take any path of that host as it is', async () => {
    listen(createFakeKis({ symbols: 1 }));
    for (const path of ['//', '/uapi/:id*', '/uapi/%00?a=(b)', '/oauth2/']) {
      expect(await (await fetch(REAL + path)).text()).toMatch(/"(msg_cd|error_code)":/);
    }
  });

  test('make a cut connection a network error: fetch rejects with a TypeError', async () => {
    const fake = createFakeKis({ symbols: 1 });
    listen(fake);
    fake.control({ failNext: { count: 1, cut: 'after' } });
    await expect(ask(REAL)).rejects.toThrow(TypeError);
    expect(fake.log().tokensIssued).toBe(1);
  });

  test.each([
    ['kis', 'kis'],
    ['localhost:9443', 'localhost:9443'],
    ['ws://localhost', 'ws://localhost'],
    ['blob:http://localhost/x', 'blob:http://localhost/x'],
    ['ftp://me:testsecret+/=@kis.test/', 'ftp://kis.test/'],
    ['me:testsecret+/=@localhost:9443', 'localhost:9443'],
  ])('refuse a base URL that no request of fetch can have: %s', (baseUrl, shown) => {
    expect(() => kisHandlers(createFakeKis({ symbols: 1 }), { baseUrl })).toThrow(
      new TypeError(`mock: \`baseUrl\` must be an http or https URL, got "${shown}"`),
    );
  });
});

describe('without msw', () => {
  const failWith = (code: string, message: string) => () => {
    throw Object.assign(new Error(message), { code });
  };

  test('one line says what to install', () => {
    const load = failWith('MODULE_NOT_FOUND', "Cannot find module 'msw'\nRequire stack:\n- here");
    expect(() => loadMsw(load)).toThrow(/^mock: `kisHandlers` needs msw: npm install --save-dev msw$/);
  });

  test('another failure of msw’s own is passed on', () => {
    expect(() => loadMsw(failWith('MODULE_NOT_FOUND', "Cannot find module 'until-async'"))).toThrow(/until-async/);
    expect(() => loadMsw(failWith('ERR_REQUIRE_ESM', 'require() of ES Module'))).toThrow(/require\(\)/);
  });
});
