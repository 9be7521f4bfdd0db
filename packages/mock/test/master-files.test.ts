import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis } from '../src/index.ts';
import { block, CHART, PRICE, rows, tokenOf, uapi } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

const HOST = 'https://new.real.download.dws.co.kr/common/master/';
const NOW_MS = korea('2024-06-04T11:00:00');

function start(symbols = 300): FakeKis {
  return createFakeKis({ symbols, limit: 1_000, clock: createManualClock(NOW_MS) });
}

async function linesOf(fake: FakeKis, name: string): Promise<readonly string[]> {
  const reply = await fake.handle(new Request(`${HOST}${name}.zip`));
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const files = unzipSync(new Uint8Array(await reply.arrayBuffer()));
  expect(Object.keys(files)).toEqual([name]);
  const text = new TextDecoder('euc-kr').decode(files[name]);
  expect(text).not.toContain('\ufffd');
  expect(text).toMatch(/^([^\n\r]+\n)*$/);
  return text.split('\n').slice(0, -1);
}

/** The slices of KIS's own samples, without the newline that they keep. */
interface Sliced {
  readonly code: string;
  readonly standardCode: string;
  readonly name: string;
  readonly tail: string;
}
function slice(line: string, tailWidth: number): Sliced {
  const head = line.slice(0, -tailWidth);
  return {
    code: head.slice(0, 9).trimEnd(),
    standardCode: head.slice(9, 21),
    name: head.slice(21).trimEnd(),
    tail: line.slice(-tailWidth),
  };
}

/** A field by the widths of all that stand before it. */
function field(tail: string, before: readonly number[], width: number): string {
  const start = before.reduce((sum, one) => sum + one, 0);
  return tail.slice(start, start + width);
}

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
/** group, size, three sectors, then flags up to the base price. */
const KOSPI_TO_BASE = [2, 1, 4, 4, 4, ...ones(26)];
const KOSDAQ_TO_BASE = [2, 1, 4, 4, 4, ...ones(21)];
/** From the base price to the volume of the last session. */
const BASE_TO_VOLUME = [9, 5, 5, 1, 1, 1, 2, 1, 1, 1, 2, 2, 2, 3, 1, 3];

describe('the files of symbols', () => {
  test.each([
    ['kospi_code.mst', 'KOSPI', 227],
    ['kosdaq_code.mst', 'KOSDAQ', 221],
    ['konex_code.mst', 'KONEX', 184],
  ] as const)('%s lists the stocks of %s in records whose tail has %i characters', async (name, market, width) => {
    const fake = start();
    const expected = fake.symbols.filter((symbol) => symbol.market === market);
    const records = (await linesOf(fake, name)).map((line) => slice(line, width));
    expect(expected.length).toBeGreaterThan(2);
    expect(records.map(({ code, name }) => ({ code, name }))).toEqual(
      expected.map(({ code, name }) => ({ code, name })),
    );
    for (const { standardCode, tail } of records) {
      expect(standardCode).toMatch(/^KR[0-9A-Z]{10}$/);
      expect(tail).toMatch(/^(ST|EF|EN)[\x20-\x7e]*$/);
    }
  });

  test.each([
    ['kospi_code.mst', 227, KOSPI_TO_BASE, '005930'],
    ['kospi_code.mst', 227, KOSPI_TO_BASE, '000660'],
    ['kosdaq_code.mst', 221, KOSDAQ_TO_BASE, '247540'],
    ['konex_code.mst', 184, [2], '140610'],
  ] as const)('%s (%i) agrees with the quotes', async (name, width, toBase, code) => {
    const fake = start();
    const line = (await linesOf(fake, name)).find((one) => one.startsWith(code)) ?? '';
    const { tail } = slice(line, width);
    const token = await tokenOf(fake);
    const price = block(await uapi(fake, token, PRICE, { FID_INPUT_ISCD: code }), 'output');
    const chart = await uapi(fake, token, CHART, {
      FID_INPUT_ISCD: code,
      FID_INPUT_DATE_1: '20240527',
      FID_INPUT_DATE_2: '20240603',
      FID_PERIOD_DIV_CODE: 'D',
      FID_ORG_ADJ_PRC: '0',
    });
    const toVolume = [...toBase, ...BASE_TO_VOLUME];
    const number = (before: readonly number[], fieldWidth: number): string => {
      const text = field(tail, before, fieldWidth);
      expect(text).toMatch(/^\d+$/);
      return String(Number(text));
    };
    expect(number(toBase, 9)).toBe(price.stck_sdpr);
    expect(number(toVolume, 12)).toBe(rows(chart)[0]?.acml_vol);
    expect(number([...toVolume, 12], 12)).toBe(price.stck_fcam);
    expect(number([...toVolume, 12, 12], 8)).toMatch(/^(19|20)\d{6}$/);
    expect(number([...toVolume, 12, 12, 8], 15)).toBe(String(Math.floor(Number(price.lstn_stcn) / 1_000)));
    expect(number([...toVolume, 12, 12, 8, 15], 21)).toBe(String(Number(price.stck_fcam) * Number(price.lstn_stcn)));
  });

  test('idxcode.mst lists the indices: code at 1 to 5, the name behind it', async () => {
    const records = (await linesOf(start(), 'idxcode.mst')).map((line) => [line.slice(1, 5), line.slice(5).trim()]);
    expect(records).toContainEqual(['0001', '종합']);
    expect(records).toContainEqual(['2001', 'KOSPI200']);
    expect(new Set(records.map(([code]) => code)).size).toBe(records.length);
  });

  test.each(['nas', 'nys', 'ams', 'hks', 'tse', 'shs', 'szs', 'hsx', 'hnx'])(
    '%smst.cod has 24 columns with tabs between them',
    async (exchange) => {
      const records = (await linesOf(start(), `${exchange}mst.cod`)).map((line) => line.split('\t'));
      expect(records.length).toBeGreaterThan(1);
      for (const columns of records) {
        expect(columns).toHaveLength(24);
        const [, , code, , symbol, realtime, koreanName, englishName, type, currency, decimals, , base] = columns;
        expect([code, realtime]).toEqual([exchange.toUpperCase(), `${exchange.toUpperCase()}${symbol}`]);
        expect([koreanName, englishName]).not.toContain('');
        expect(type).toMatch(/^[23]$/);
        expect(currency).toMatch(/^[A-Z]{3}$/);
        expect(base).toMatch(new RegExp(`^\\d+${Number(decimals) > 0 ? `\\.\\d{${decimals}}` : ''}$`));
        expect(columns.slice(15, 17).join()).toMatch(/^\d{4},\d{4}$/);
      }
    },
  );

  test('knows no other file, and no other method', async () => {
    const fake = start(3);
    for (const name of ['kospi_code.mst', 'nothing.mst.zip', '../kospi_code.mst.zip', '', '__proto__.zip']) {
      expect([name, (await fake.handle(new Request(HOST + name))).status]).toEqual([name, 404]);
    }
    const reply = await fake.handle(new Request(`${HOST}kospi_code.mst.zip`, { method: 'POST' }));
    expect(reply.status).toBe(404);
  });

  test('takes no place in the limit, needs no key, and counts as no call', async () => {
    const fake = createFakeKis({ symbols: 3, limit: 1 });
    for (let n = 0; n < 5; n++) expect((await fake.handle(new Request(`${HOST}idxcode.mst.zip`))).status).toBe(200);
    expect(fake.log()).toMatchObject({ calls: 0, tokenRequests: 0, refusals: 0 });
  });

  test('fails when a fault is ordered for its path', async () => {
    const fake = start(3);
    fake.control({ failNext: { count: 1, path: '/kospi_code.mst.zip', status: 503, body: 'busy' } });
    const statuses: number[] = [];
    for (let n = 0; n < 2; n++) statuses.push((await fake.handle(new Request(`${HOST}kospi_code.mst.zip`))).status);
    expect(statuses).toEqual([503, 200]);
  });

  test('is made anew every day', async () => {
    const clock = createManualClock(NOW_MS);
    const fake = createFakeKis({ symbols: 3, clock });
    const base = async (): Promise<string> =>
      (await linesOf(fake, 'kospi_code.mst')).map((line) => line.slice(-227)).join();
    const today = await base();
    await clock.advance(60_000);
    expect(await base()).toBe(today);
    await clock.advance(86_400_000);
    expect(await base()).not.toBe(today);
  });
});
