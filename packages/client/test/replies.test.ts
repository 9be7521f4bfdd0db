import { describe, expect, test } from 'vitest';
import { KisApiError, KisResponseError } from '../src/index.ts';
import { ok, read, refusal, startClient } from './harness.ts';

const once = { retry: false } as const;

describe('a reply of KIS', () => {
  test('comes with its body, its page mark and the instant of the answer', async () => {
    const headers = { tr_cont: 'M ', date: 'Fri, 20 Nov 2026 06:30:00 GMT' };
    const { client } = await startClient(() => ({ ...ok({ ctx_area_nk100: 'next' }), headers }));
    const reply = await client.request(read, { A: 1 });
    expect(reply).toMatchObject({ trId: 'TEST0001', status: 200, trCont: 'M', body: { ctx_area_nk100: 'next' } });
    expect(reply.dateMs).toBe(Date.parse('2026-11-20T06:30:00Z'));
  });

  test.each([
    ['a gateway refusal with HTTP 500', refusal('EGW00304', 500), 'EGW00304', 500],
    ['the same with HTTP 200', refusal('EGW00304', 200), 'EGW00304', 200],
    ['an input refusal', { body: { rt_cd: '2', msg_cd: 'OPSQ2001', msg1: 'refused' } }, 'OPSQ2001', 200],
    ['a business refusal', { body: { rt_cd: '7', msg_cd: 'APBK0952', msg1: 'refused' } }, 'APBK0952', 200],
    [
      'an rt_cd that is no value',
      { body: { rt_cd: { toString: 1 }, msg_cd: 'APBK0952', msg1: 'refused' } },
      'APBK0952',
      200,
    ],
    ['an rt_cd that is a number', { body: { rt_cd: 7, msg_cd: 'APBK0952', msg1: 'refused' } }, 'APBK0952', 200],
    [
      'the shape of oauth',
      { status: 403, body: { error_code: 'EGW00103', error_description: 'refused' } },
      'EGW00103',
      403,
    ],
    ['a refusal without a code', { body: { rt_cd: '1', msg1: 'refused' } }, '', 200],
  ])('that is %s is a KisApiError', async (_, answer, kisCode, status) => {
    const { client } = await startClient(() => answer, once);
    const error = await client.request(read).catch((it) => it);
    expect(error).toBeInstanceOf(KisApiError);
    expect(error).toMatchObject({ code: 'ERR_KIS_API', kisCode, kisMessage: 'refused', status, trId: 'TEST0001' });
  });

  test.each(['0', 0, '0 '])('with rt_cd 0 (%j) is data whatever the HTTP status', async (rt_cd) => {
    const { client } = await startClient(() => ({ ...ok({ output: 'here', rt_cd }), status: 500 }), once);
    expect((await client.request(read)).body.output).toBe('here');
  });

  test.each([
    ['empty', '', 200],
    ['a maintenance page', '<html>점검 중입니다</html>', 503],
    ['a page with HTTP 200', '<html></html>', 200],
    ['null', 'null', 200],
    ['an array', '[]', 200],
    ['a text', '"0"', 200],
    ['cut in the middle', '{"rt_cd":"0","msg', 200],
    ['without rt_cd', '{"output":{"stck_prpr":"75700"}}', 200],
  ])('that is %s is a KisResponseError', async (_, body, status) => {
    const { client } = await startClient(() => ({ status, body }), once);
    const error = await client.request(read).catch((it) => it);
    expect(error).toBeInstanceOf(KisResponseError);
    expect(error).toMatchObject({ code: 'ERR_KIS_RESPONSE', status });
  });

  test('of more than 8 MiB is not read to its end', async () => {
    const { client } = await startClient(() => ok({ output: 'x'.repeat(9 * 1024 * 1024) }), once);
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', where: 'the body' });
  });
});

describe('a call', () => {
  test('of a POST has string values under names in capitals', async () => {
    const { client, calls } = await startClient(() => ok());
    await client.request(
      { method: 'POST', path: '/uapi/order', trId: 'T1' },
      { pdno: '005930', ORD_QTY: 10, empty: '' },
    );
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ PDNO: '005930', ORD_QTY: '10', EMPTY: '' });
    expect(calls[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('of a GET has its parameters in the query, names and blanks as they are', async () => {
    const { client, calls } = await startClient(() => ok());
    await client.request(read, { fid_input_iscd: '005930', CTX_AREA_NK100: '20230119  ', EXCD: '' });
    expect(calls[0]?.query).toEqual({ fid_input_iscd: '005930', CTX_AREA_NK100: '20230119  ', EXCD: '' });
  });

  test('for the next page says so', async () => {
    const { client, calls } = await startClient(() => ok());
    await client.request(read, {}, { trCont: 'N' });
    await client.request(read);
    expect(calls.map(({ headers }) => headers.tr_cont)).toEqual(['N', '']);
  });

  test('goes out under the TR id of its world', async () => {
    const trId = { real: 'TTTC8434R', virtual: 'VTTC8434R' };
    for (const environment of ['real', 'virtual'] as const) {
      const { client, calls } = await startClient(() => ok(), { environment });
      await client.request({ method: 'GET', path: '/uapi/balance', trId });
      expect(calls[0]?.headers.tr_id).toBe(trId[environment]);
    }
  });

  test('of what the virtual host does not offer is an UnsupportedError', async () => {
    const { client, calls } = await startClient(() => ok(), { environment: 'virtual' });
    const call = client.request({ method: 'GET', path: '/uapi/real-only', trId: { real: 'CTFN6118R' } });
    await expect(call).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED', capability: '/uapi/real-only' });
    expect(calls).toHaveLength(0);
  });

  test.each([
    [{ method: 'PUT', path: '/uapi/x', trId: 'T1' }, {}, '`endpoint.method`'],
    [{ method: 'GET', path: 'uapi/x', trId: 'T1' }, {}, '`endpoint.path`'],
    [{ method: 'GET', path: '//elsewhere.example/x', trId: 'T1' }, {}, '`endpoint.path`'],
    [{ method: 'GET', path: '/\\elsewhere.example/x', trId: 'T1' }, {}, '`endpoint.path`'],
    [{ method: 'GET', path: '/\t/elsewhere.example/x', trId: 'T1' }, {}, '`endpoint.path`'],
    [{ method: 'GET', path: '/uapi/x?FID_INPUT_ISCD=005930', trId: 'T1' }, {}, '`endpoint.path`'],
    [{ method: 'GET', path: '/uapi/x', trId: 'T1\r\nx: y' }, {}, '`endpoint.trId`'],
    [{ method: 'GET', path: '/uapi/x', trId: 'T1' }, { A: Number.NaN }, '`A`'],
    [{ method: 'GET', path: '/uapi/x', trId: 'T1' }, { A: undefined }, '`A`'],
  ])('%j with %j is a TypeError before it leaves', async (endpoint, params, name) => {
    const { client, calls } = await startClient(() => ok());
    const call = client.request(endpoint as never, params as never);
    await expect(call).rejects.toThrow(TypeError);
    await expect(call).rejects.toThrow(name);
    expect(calls).toHaveLength(0);
  });
});
