import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis, type FakeKisOptions } from '../src/index.ts';
import { CHART, PRICE, type Row, rows, tokenOf, uapi } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

const HOST = 'http://data-dbg.krx.co.kr/svc/apis/';
const KEY = 'KRXtestsecret+/=0123';
const DAILY = ['sto/stk_bydd_trd', 'sto/ksq_bydd_trd', 'sto/knx_bydd_trd', 'etp/etf_bydd_trd'] as const;
const INFO = ['sto/stk_isu_base_info', 'sto/ksq_isu_base_info', 'sto/knx_isu_base_info'] as const;
const DAILY_FIELDS =
  'ACC_TRDVAL ACC_TRDVOL BAS_DD CMPPREVDD_PRC FLUC_RT ISU_CD ISU_NM LIST_SHRS MKTCAP MKT_NM SECT_TP_NM TDD_CLSPRC TDD_HGPRC TDD_LWPRC TDD_OPNPRC';

const startAt = (time: string, options: FakeKisOptions = {}): FakeKis =>
  createFakeKis({ symbols: 150, limit: 1_000, clock: createManualClock(korea(time)), ...options });

async function ask(fake: FakeKis, service: string, date: string, key: string | undefined = KEY) {
  const headers: Record<string, string> = key === undefined ? {} : { AUTH_KEY: key };
  const reply = await fake.handle(new Request(`${HOST}${service}?basDd=${date}`, { headers }));
  return { status: reply.status, text: await reply.text() };
}

async function rowsOf(fake: FakeKis, service: string, date: string): Promise<readonly Row[]> {
  const { status, text } = await ask(fake, service, date);
  expect(status).toBe(200);
  return JSON.parse(text).OutBlock_1;
}

describe('the Korea Exchange', () => {
  test('gives all shares of a market in one answer, in the form of the real row', async () => {
    const fake = startAt('2026-11-21T09:00:00');
    for (const [service, market] of [
      ['sto/stk_bydd_trd', 'KOSPI'],
      ['sto/ksq_bydd_trd', 'KOSDAQ'],
      ['sto/knx_bydd_trd', 'KONEX'],
    ] as const) {
      const found = await rowsOf(fake, service, '20261120');
      const shares = fake.symbols.filter((symbol) => symbol.market === market && symbol.faceValue > 0);
      expect(shares.length).toBeGreaterThan(0);
      expect(found.map(({ ISU_CD, ISU_NM, MKT_NM }) => [ISU_CD, ISU_NM, MKT_NM])).toEqual(
        shares.map(({ code, name }) => [code, name, market]),
      );
      for (const row of found) {
        expect(Object.keys(row).join(' ')).toBe(DAILY_FIELDS);
        expect(Object.values(row).every((value) => typeof value === 'string')).toBe(true);
        expect(row.BAS_DD).toBe('20261120');
        if (market !== 'KOSDAQ') expect(row.SECT_TP_NM).toBe('-');
        else expect(row.SECT_TP_NM).toMatch(/부$/);
      }
    }
  });

  test('agrees with KIS about a day, its change and what is listed', async () => {
    const fake = startAt('2026-11-21T09:00:00');
    const token = await tokenOf(fake);
    const all = (await Promise.all(DAILY.map((service) => rowsOf(fake, service, '20261120')))).flat();
    for (const row of all) {
      const asked = { FID_INPUT_ISCD: row.ISU_CD ?? '' };
      const price = (await uapi(fake, token, PRICE, asked)).body.output as Row;
      expect([row.ISU_CD, row.TDD_CLSPRC, row.CMPPREVDD_PRC, row.FLUC_RT]).toEqual([
        row.ISU_CD,
        price.stck_prpr,
        price.prdy_vrss,
        price.prdy_ctrt,
      ]);
      expect([row.TDD_OPNPRC, row.TDD_HGPRC, row.TDD_LWPRC, row.ACC_TRDVOL, row.ACC_TRDVAL, row.LIST_SHRS]).toEqual([
        price.stck_oprc,
        price.stck_hgpr,
        price.stck_lwpr,
        price.acml_vol,
        price.acml_tr_pbmn,
        price.lstn_stcn,
      ]);
      expect(Number(row.MKTCAP)).toBe(Number(row.TDD_CLSPRC) * Number(row.LIST_SHRS));
    }
    expect(all).toHaveLength(fake.symbols.filter(({ code }) => !code.startsWith('Q')).length);
  });

  test('gives prices as they were traded, before a split', async () => {
    const fake = startAt('2026-11-21T09:00:00');
    const params = { FID_INPUT_DATE_1: '20180502', FID_INPUT_DATE_2: '20180504', FID_PERIOD_DIV_CODE: 'D' };
    const chart = rows(await uapi(fake, await tokenOf(fake), CHART, { ...params, FID_ORG_ADJ_PRC: '1' }));
    expect(chart).toHaveLength(3);
    for (const { stck_bsop_date: date = '', stck_clpr, acml_vol } of chart) {
      const [samsung] = await rowsOf(fake, 'sto/stk_bydd_trd', date);
      expect([samsung?.ISU_CD, samsung?.TDD_CLSPRC, samsung?.ACC_TRDVOL]).toEqual(['005930', stck_clpr, acml_vol]);
    }
  });

  test('tells of a fund what it holds and what it follows', async () => {
    const [etf] = await rowsOf(startAt('2026-11-21T09:00:00'), 'etp/etf_bydd_trd', '20261120');
    expect(etf).toMatchObject({ ISU_CD: '069500', ISU_NM: 'KODEX 200', IDX_IND_NM: '코스피 200' });
    expect(Number(etf?.NAV) / Number(etf?.TDD_CLSPRC)).toBeCloseTo(1, 2);
    const points = Number(etf?.OBJ_STKPRC_IDX);
    const before = points - Number(etf?.CMPPREVDD_IDX);
    expect(Number(etf?.FLUC_RT_IDX)).toBeCloseTo((points / before - 1) * 100, 2);
    expect(etf).not.toHaveProperty('MKT_NM');
    expect(Object.keys(etf ?? {})).toEqual(Object.keys(etf ?? {}).sort());
  });

  test('tells what is listed', async () => {
    const fake = startAt('2026-11-21T09:00:00');
    const found = (await Promise.all(INFO.map((service) => rowsOf(fake, service, '20261120')))).flat();
    const shares = fake.symbols.filter(({ faceValue }) => faceValue > 0);
    const sorted = (list: readonly (readonly (string | undefined)[])[]) => list.map((it) => it.join()).sort();
    expect(
      sorted(found.map((row) => [row.ISU_SRT_CD, row.ISU_ABBRV, row.MKT_TP_NM, row.PARVAL, row.LIST_SHRS])),
    ).toEqual(sorted(shares.map((it) => [it.code, it.name, it.market, `${it.faceValue}`, `${it.listedShares}`])));
    expect(found.find(({ ISU_SRT_CD }) => ISU_SRT_CD === '005930')).toMatchObject({
      ISU_CD: 'KR7005930003',
      ISU_NM: '삼성전자보통주',
      SECUGRP_NM: '주권',
      KIND_STKCERT_TP_NM: '보통주',
      LIST_DD: expect.stringMatching(/^(?:19|20)\d{6}$/),
    });
  });

  test.each([
    ['a Saturday', '20261121'],
    ['a holiday', '20261009'],
    ['a day to come', '20261126'],
    ['the day before, until eight in the morning', '20261123'],
    ['a day before the charts begin', '19991230'],
    ['no date', '2026-11-20'],
    ['nothing', ''],
  ])('has no rows for %s', async (_, date) => {
    const fake = startAt('2026-11-24T07:59:59');
    for (const service of [...DAILY, ...INFO]) {
      expect(await ask(fake, service, date)).toEqual({ status: 200, text: '{"OutBlock_1":[]}' });
    }
  });

  test('publishes a session at eight the next morning', async () => {
    const fake = startAt('2026-11-24T08:00:00');
    expect(await rowsOf(fake, 'sto/stk_bydd_trd', '20261123')).not.toEqual([]);
    expect(await rowsOf(fake, 'sto/stk_bydd_trd', '20261124')).toEqual([]);
  });

  test('wants a key, and for some services one that has applied for them', async () => {
    const fake = startAt('2026-11-21T09:00:00', {
      krxKeys: [{ apiKey: KEY, services: ['sto/stk_bydd_trd'] }, { apiKey: 'another' }],
    });
    const statusOf = async (service: string, key?: string) => (await ask(fake, service, '20261120', key)).status;
    expect(await statusOf('sto/stk_bydd_trd', KEY)).toBe(200);
    expect(await statusOf('sto/ksq_bydd_trd', KEY)).toBe(401);
    expect(await statusOf('sto/ksq_bydd_trd', 'another')).toBe(200);
    expect(await statusOf('sto/stk_bydd_trd', 'stranger')).toBe(401);
    const open = startAt('2026-11-21T09:00:00');
    const bare = await open.handle(new Request(`${HOST}sto/stk_bydd_trd?basDd=20261120`));
    expect(bare.status).toBe(401);
    expect(await bare.text()).not.toContain(KEY);
  });

  test('knows no other service, and no other method', async () => {
    const fake = startAt('2026-11-21T09:00:00');
    for (const service of ['sto/none', '', '__proto__', 'sto/stk_bydd_trd/']) {
      expect([service, (await ask(fake, service, '20261120')).status]).toEqual([service, 404]);
    }
    const request = new Request(`${HOST}sto/stk_bydd_trd?basDd=20261120`, {
      method: 'POST',
      headers: { AUTH_KEY: KEY },
    });
    expect((await fake.handle(request)).status).toBe(404);
  });

  test('counts its calls apart from those of KIS', async () => {
    const fake = startAt('2026-11-21T09:00:00', { limit: 1 });
    for (const service of DAILY) await ask(fake, service, '20261120');
    await ask(fake, 'sto/stk_bydd_trd', '20261120', '');
    expect(fake.log()).toMatchObject({ krxCalls: 5, calls: 0, refusals: 0, maxInWindow: 0, tokenRequests: 0 });
    expect(fake.log().entries.at(-1)).toMatchObject({
      path: '/svc/apis/sto/stk_bydd_trd',
      status: 401,
      appKeyHash: '',
    });
    expect(JSON.stringify(fake.log())).not.toContain(KEY);
    fake.control({ clearLog: true });
    expect(fake.log().krxCalls).toBe(0);
  });

  test('fails when a fault is ordered for its path', async () => {
    const fake = startAt('2026-11-21T09:00:00');
    fake.control({ failNext: { count: 1, path: '/stk_bydd_trd', status: 503, body: 'busy' } });
    expect(await ask(fake, 'sto/stk_bydd_trd', '20261120')).toEqual({ status: 503, text: 'busy' });
    expect((await ask(fake, 'sto/stk_bydd_trd', '20261120')).status).toBe(200);
  });

  test.each<[unknown, string]>([
    [{}, 'mock: `krxKeys` must be an array'],
    [[{ apiKey: 'testsecret+/= hidden' }], 'mock: `krxKeys[0].apiKey` must be a string without blanks'],
    [[{ apiKey: KEY, services: 'all' }], 'mock: `krxKeys[0].services` must be an array'],
    [[{ apiKey: KEY, service: [] }], 'mock: `krxKeys[0]` knows no other field; it knows apiKey, services'],
  ])('refuses keys that are none (%#)', (krxKeys, message) => {
    expect(() => createFakeKis({ krxKeys } as FakeKisOptions)).toThrow(message);
  });
});

describe('20,000 stocks', () => {
  test('have 20,000 codes and names', () => {
    const { symbols } = createFakeKis({ symbols: 20_000 });
    expect(new Set(symbols.map(({ code }) => code)).size).toBe(20_000);
    expect(new Set(symbols.map(({ name }) => name)).size).toBe(20_000);
    expect(symbols.every(({ code }) => /^(?:Q\d{6}|[0-9A-Z]{6})$/.test(code))).toBe(true);
  });
});
