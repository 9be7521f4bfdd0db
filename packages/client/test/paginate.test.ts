import { describe, expect, test } from 'vitest';
import type { KisClient, KisEndpoint, KisReply } from '../src/index.ts';
import { ok, order, read, startClient } from './harness.ts';
import { startAt } from './stage.ts';

const holidays: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/chk-holiday',
  trId: { real: 'CTCA0903R' },
};

async function collect(pages: ReturnType<KisClient['paginate']>): Promise<KisReply[]> {
  const found: KisReply[] = [];
  for await (const page of pages) found.push(page);
  return found;
}

/** Pages of KIS under keys of this kind: three, unless told otherwise. */
const paged =
  (kind: string, last = 3) =>
  ({ query }: { query: Readonly<Record<string, string>> }) => {
    const page = Number(query[`CTX_AREA_NK${kind}`] || 1);
    const body = {
      [`ctx_area_fk${kind}`]: '12345678^01'.padEnd(100),
      [`ctx_area_nk${kind}`]: (page < last ? String(page + 1) : '').padEnd(100),
      output: [{ page }],
    };
    return { ...ok(body), headers: { tr_cont: page < last ? (page === 1 ? 'F' : 'M') : page === 1 ? 'D' : 'E' } };
  };

describe('pages', () => {
  test.each(['100', '200', ''])('of keys with %j come one after the other, as KIS gave them', async (kind) => {
    const { client, calls } = await startClient(paged(kind));
    const pages = await collect(client.paginate(read, { CODE: 'x', [`CTX_AREA_NK${kind}`]: '' }));
    expect(pages.map(({ body }) => body.output)).toEqual([[{ page: 1 }], [{ page: 2 }], [{ page: 3 }]]);
    const key = (name: string) => calls.map(({ query }) => query[`CTX_AREA_${name}${kind}`]);
    expect(key('NK')).toEqual(['', '2', '3']);
    expect(key('FK')).toEqual([undefined, '12345678^01', '12345678^01']);
    expect(calls.map(({ headers, query }) => [headers.tr_cont, query.CODE])).toEqual([
      ['', 'x'],
      ['N', 'x'],
      ['N', 'x'],
    ]);
  });

  test('are asked for one at a time: who stops reading asks for no more', async () => {
    const { client, calls } = await startClient(paged('100', 9));
    for await (const { trCont } of client.paginate(read)) if (trCont === 'M') break;
    expect(calls).toHaveLength(2);
  });

  test('are all of them those of a fake KIS, to the end of next year', async () => {
    const { client } = startAt('2026-11-20T12:00:00+09:00');
    const pages = await collect(client.paginate(holidays, { BASS_DT: '20261120', CTX_AREA_NK: '', CTX_AREA_FK: '' }));
    const dates = pages.flatMap(({ body }) => (body.output as { bass_dt: string }[]).map(({ bass_dt }) => bass_dt));
    expect(new Set(dates).size).toBe(dates.length);
    expect([dates[0], dates.at(-1), dates.length]).toEqual(['20261120', '20271231', 42 - 1 + 366]);
  });

  test.each([
    ['without keys', {}, { tr_cont: 'M' }],
    ['whose header says that it is the last', { ctx_area_nk100: 'more' }, { tr_cont: 'D' }],
    ['without that header', { ctx_area_nk100: 'more' }, {}],
  ] as const)('of an endpoint %s are one', async (_, body, headers) => {
    const { client, calls } = await startClient(() => ({ ...ok(body), headers }));
    expect(await collect(client.paginate(read))).toHaveLength(1);
    expect(calls).toHaveLength(1);
  });

  test('go on where only the code tells that there is more', async () => {
    const { client } = await startClient(({ query }) =>
      query.CTX_AREA_NK === 'b' ? ok({}) : ok({ msg_cd: 'KIOK0500', ctx_area_nk: 'b   ', ctx_area_fk: '   ' }),
    );
    expect(await collect(client.paginate(read))).toHaveLength(2);
  });

  test('replace keys that were given in small letters', async () => {
    const { client, calls } = await startClient(paged('200', 2));
    await collect(client.paginate(read, { ctx_area_nk200: '', ctx_area_fk200: '' }));
    expect(Object.keys(calls[1]?.query ?? {}).sort()).toEqual(['CTX_AREA_FK200', 'CTX_AREA_NK200']);
  });

  test.each([
    ['at once', ['']],
    ['twice', ['a', 'a']],
    ['in a circle', ['a', 'b', 'c', 'a']],
  ])('whose keys come again %s are an error that names the keys, and not what is in them', async (_, places) => {
    const { client, calls } = await startClient((_call, n) => ({
      ...ok({ ctx_area_nk100: places[n - 1], ctx_area_fk100: places[n - 1] && '12345678^01' }),
      headers: { tr_cont: 'M' },
    }));
    const error = await collect(client.paginate(read, { CTX_AREA_NK100: '', CTX_AREA_FK100: '' })).catch((it) => it);
    expect(error).toMatchObject({ code: 'ERR_KIS_RESPONSE', where: 'CTX_AREA_NK100, CTX_AREA_FK100' });
    expect(error.message).not.toContain('12345678');
    expect(calls).toHaveLength(places.length);
  });

  test('end with the reason of the signal', async () => {
    const { client } = await startClient(paged('100', 9));
    const reason = new Error('enough');
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of client.paginate(read, {}, { signal: controller.signal })) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  test('of a POST are none, and nothing is sent', async () => {
    const { client, calls } = await startClient(() => ok());
    await expect(collect(client.paginate(order))).rejects.toThrow(TypeError);
    expect(calls).toHaveLength(0);
  });

  test('of what the virtual host lacks are none, and nothing is sent', async () => {
    const { client, fake } = startAt('2026-11-20T12:00:00+09:00', { environment: 'virtual' });
    await expect(collect(client.paginate(holidays))).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' });
    expect(fake.log().calls).toBe(0);
  });
});
