import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createFakeKis, type RecordedReply } from '../src/index.ts';
import { BOOK, KEYS, OTHER_KEYS, PRICE, post, tokenOf, uapi } from './calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'kis-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

const price = (stck_prpr: string): object => ({ output: { stck_prpr }, rt_cd: '0', msg_cd: 'MCA00000', msg1: '' });
const BAD_FILES: readonly [string, string, string | undefined, RegExp][] = [
  ['is not there', 'missing.json', undefined, /^mock: `scenario` ".*missing\.json" cannot be read: .*ENOENT/],
  ['is no JSON', 'half.json', '[{', /^mock: `scenario` ".*half\.json" is no JSON at position 2$/],
  ['is another one', '.env', 'KIS_APP_SECRET=testsecret+/=', /^mock: `scenario` ".*\.env" is no JSON$/],
  ['is no array', 'object.json', '{}', /^mock: `scenario` must be an array of recorded replies$/],
];
const BAD_REPLIES: readonly [object, string][] = [
  [{ body: {} }, 'mock: `scenario[1].path` must be a string that is not empty, got undefined'],
  [{ path: '/a', body: 1 }, 'mock: `scenario[1].body` must be a string or an object that JSON can hold'],
  [
    { path: '/oauth2/tokenP', body: '' },
    'mock: `scenario[1].path` must be a path of /uapi, or its end, without a query',
  ],
  [{ path: 'kospi_code.mst.zip', body: '' }, 'mock: `scenario[1].path` must be a path of /uapi'],
  [{ path: '/a?CANO=12345678', body: '' }, 'must be a path of /uapi, or its end, without a query, got "/a?…"'],
  [{ path: '/a', body: '', status: 42 }, 'mock: `scenario[1].status` must be an integer from 200 to 599, got 42'],
  [{ path: '/a', body: '', params: { A: 1 } }, 'mock: `scenario[1].params.A` must be a string'],
  [{ path: '/a', body: '', params: [] }, 'mock: `scenario[1].params` must be an object'],
  [{ path: '/a', body: '', trCont: 'N' }, 'mock: `scenario[1].trCont` must be "F" or "M" or "D" or "E", got "N"'],
  [{ path: '/a', body: '', trID: 'X' }, 'mock: `scenario[1]` knows no `trID`; it knows path, trId, params, status'],
];

describe('a scenario', () => {
  test('answers a question with its recorded replies in order, the last again and again, per app key', async () => {
    const params = { fid_input_iscd: '005930' };
    const scenario: RecordedReply[] = ['1', '2'].map((value) => ({ path: PRICE, params, body: price(value) }));
    const fake = createFakeKis({ symbols: 3, scenario });
    const token = await tokenOf(fake);
    const others = { ...OTHER_KEYS, authorization: `Bearer ${await tokenOf(fake, OTHER_KEYS)}` };
    const asked = async (headers = {}): Promise<unknown> => (await uapi(fake, token, PRICE, {}, headers)).body.output;
    expect([await asked(), await asked(), await asked()]).toEqual(['1', '2', '2'].map((stck_prpr) => ({ stck_prpr })));
    expect(await asked(others)).toEqual({ stck_prpr: '1' });
  });

  test('leaves to the market what it does not know: another path, another tr_id, another parameter', async () => {
    const body = price('1');
    const scenario: RecordedReply[] = [
      { path: '/inquire-price', trId: 'FHKST01010100', params: { FID_INPUT_ISCD: '000660' }, body },
      { path: '/inquire-asking-price-exp-ccn', trId: 'OTHER', body },
    ];
    const fake = createFakeKis({ symbols: 3, scenario });
    const token = await tokenOf(fake);
    expect((await uapi(fake, token, PRICE, { FID_INPUT_ISCD: '000660' })).body).toEqual(body);
    expect((await uapi(fake, token, PRICE)).body).toHaveProperty('output.stck_shrn_iscd', '005930');
    expect((await uapi(fake, token, BOOK)).body).toHaveProperty('output1.askp1');
  });

  test('prefers what says most about the question, and of equals the first', async () => {
    const params = { FID_INPUT_ISCD: '005930' };
    const trId = 'FHKST01010100';
    const scenario: RecordedReply[] = [
      { path: '/inquire-price', body: price('any') },
      { path: PRICE, body: price('later') },
      { path: '/inquire-price', trId, body: price('tr') },
      { path: '/inquire-price', params: { FID_INPUT_ISCD: '000660' }, body: price('stock') },
      { path: '/inquire-price', params, body: price('hidden') },
      { path: '/inquire-price', params, trId, body: price('stock and tr') },
      { path: '/inquire-price', params: { ...params, FID_COND_MRKT_DIV_CODE: 'NX' }, body: price('two') },
    ];
    const fake = createFakeKis({ symbols: 3, scenario });
    const token = await tokenOf(fake);
    const asked = async (given: object, headers = {}): Promise<unknown> =>
      (await uapi(fake, token, PRICE, { ...given }, headers)).body.output;
    expect(await asked({ FID_COND_MRKT_DIV_CODE: 'NX' })).toEqual({ stck_prpr: 'two' });
    expect(await asked({})).toEqual({ stck_prpr: 'stock and tr' });
    expect(await asked({ FID_INPUT_ISCD: '000660' })).toEqual({ stck_prpr: 'stock' });
    expect(await asked({ FID_INPUT_ISCD: '035420' })).toEqual({ stck_prpr: 'tr' });
    expect(await asked({ FID_INPUT_ISCD: '035420' }, { tr_id: 'X' })).toEqual({ stck_prpr: 'any' });
  });

  test('answers for a hash key, too', async () => {
    const fake = createFakeKis({
      symbols: 1,
      scenario: [{ path: '/uapi/hashkey', params: { A: '1' }, body: 'recorded' }],
    });
    const asked = async (body: object): Promise<string> =>
      (await fake.handle(new Request(post('/uapi/hashkey', body), { headers: KEYS }))).text();
    expect(await asked({ A: '1' })).toBe('recorded');
    expect(await asked({ A: '2' })).toContain('"HASH":');
  });

  test('gives status, tr_cont and body as they are, for calls that the market does not know, too', async () => {
    const scenario: RecordedReply[] = [{ path: '/v9/new', status: 503, trCont: 'M', body: '<html>busy</html>' }];
    const fake = createFakeKis({ symbols: 1, scenario });
    const authorization = `Bearer ${await tokenOf(fake)}`;
    const headers = { ...KEYS, authorization, tr_id: 'NEW' };
    const reply = await fake.handle(
      new Request('http://kis.test/uapi/v9/new', { method: 'POST', body: 'no json', headers }),
    );
    expect([reply.status, reply.headers.get('tr_cont'), await reply.text()]).toEqual([503, 'M', '<html>busy</html>']);
    expect(fake.log().entries.at(-1)).toMatchObject({ status: 503, trId: 'NEW', kisCode: '' });
  });

  test('lets in only whom KIS lets in: token, keys and limit come first', async () => {
    const fake = createFakeKis({ symbols: 1, limit: 1, scenario: [{ path: PRICE, body: price('1') }] });
    const token = await tokenOf(fake);
    expect((await uapi(fake, 'none', PRICE)).body.msg_cd).toBe('EGW00121');
    expect((await uapi(fake, token, PRICE)).body.msg_cd).toBe('MCA00000');
    expect((await uapi(fake, token, PRICE)).body.msg_cd).toBe('EGW00201');
  });

  test('can be a JSON file, with a byte order mark, too', async () => {
    const file = join(folder, 'day.json');
    writeFileSync(file, `\uFEFF${JSON.stringify([{ path: PRICE, body: price('77') }])}`);
    const fake = createFakeKis({ symbols: 1, scenario: file });
    expect((await uapi(fake, await tokenOf(fake), PRICE)).body).toEqual(price('77'));
  });

  test.each(BAD_FILES)('is refused when the file %s', (_what, name, text, message) => {
    const scenario = join(folder, name);
    if (text !== undefined) writeFileSync(scenario, text);
    expect(() => createFakeKis({ symbols: 1, scenario })).toThrow(TypeError);
    expect(() => createFakeKis({ symbols: 1, scenario })).toThrow(message);
  });

  test('hands on the reason why a file cannot be read, and nothing of what was read', () => {
    const causeOf = (scenario: string): unknown => {
      try {
        return createFakeKis({ symbols: 1, scenario });
      } catch (error) {
        return error instanceof Error ? error.cause : error;
      }
    };
    expect(causeOf(join(folder, 'missing.json'))).toMatchObject({ code: 'ENOENT' });
    const file = join(folder, 'secret.json');
    writeFileSync(file, 'testsecret+/=');
    expect(causeOf(file)).toBeUndefined();
  });

  test.each(BAD_REPLIES)('is refused with the place of what is wrong: %j', (bad, message) => {
    const scenario = [{ path: '/fine', body: {} }, bad] as RecordedReply[];
    expect(() => createFakeKis({ symbols: 1, scenario })).toThrow(message);
  });
});
