import { describe, expect, test } from 'vitest';
import { ok, refusal, startClient } from './harness.ts';
import { startTimeline } from './timeline.ts';

const path = '/uapi/domestic-stock/v1/quotations/';

/** As KIS writes a row of many. */
const row = (code: string, price = '77400') => ({
  inter_shrn_iscd: code,
  inter_kor_isnm: `이름${code}`,
  inter2_prpr: price,
  inter2_prdy_vrss: '800',
  prdy_vrss_sign: '5',
  prdy_ctrt: '-1.02',
  acml_vol: '15713440',
  inter2_oprc: '78600',
  inter2_hgpr: '78800',
  inter2_lwpr: '77200',
  acml_tr_pbmn: '1221686345500',
});

const single = (price = '500') => ({
  output: {
    stck_prpr: price,
    prdy_vrss: '0',
    prdy_ctrt: '0',
    stck_oprc: '0',
    stck_hgpr: '0',
    stck_lwpr: '0',
    acml_vol: '0',
    acml_tr_pbmn: '0',
  },
});

/** A server that has these rows, and a price for whoever asks about one stock. */
function startRows(rows: readonly unknown[]) {
  return startClient(({ path }) => ok(path.endsWith('intstock-multprice') ? { output: rows } : single()));
}

const codeOf = (n: number): string => String(n).padStart(6, '0');
const codes = (count: number): string[] => Array.from({ length: count }, (_, n) => codeOf(n + 1));

describe('prices of many stocks', () => {
  test('come thirty to a call, each code once, with a count of what it took', async () => {
    const { client, fake, play } = startTimeline({ symbols: 100 });
    const wanted = fake.symbols.map(({ code }) => code);
    await play(client.tokens.getToken());
    const { success, failed, stats, ...rest } = await play(client.getCurrentPrices([...wanted, ...wanted]));
    expect(new Set(success.keys())).toEqual(new Set(wanted));
    expect({ failed, rest }).toEqual({ failed: new Map(), rest: {} });
    expect(stats).toEqual({
      total: 100,
      succeeded: 100,
      failed: 0,
      retried: 0,
      requests: 4,
      durationMs: 40,
      stocksPerSecond: 2_500,
    });
    expect(fake.log()).toMatchObject({ calls: 4, refusals: 0 });
  });

  test('are the same as that of each stock, and have its name', async () => {
    const { client, fake, play } = startTimeline();
    const { success } = await play(client.getCurrentPrices(fake.symbols.map(({ code }) => code)));
    for (const { code, name } of fake.symbols) {
      const { marketCap, raw, timestampMs, ...alone } = await play(client.getCurrentPrice(code));
      const { raw: row, ...among } = success.get(code) ?? {};
      expect(among).toEqual({ ...alone, stockName: name, timestampMs: expect.any(Number) });
      expect(row).toMatchObject({ inter_shrn_iscd: code, inter2_prpr: String(alone.currentPrice) });
    }
  });

  test('tell the progress by the stock, to a listener whose mistakes do no harm, and by the hundred', async () => {
    const { client, events, fake, play } = startTimeline({ symbols: 250 });
    const seen: unknown[] = [];
    const onProgress = (...args: readonly unknown[]) => {
      seen.push(args);
      throw new Error('a mistake');
    };
    const { success } = await play(
      client.getCurrentPrices(
        fake.symbols.map(({ code }) => code),
        { onProgress },
      ),
    );
    expect(seen).toEqual([...success.keys()].map((code, index) => [index + 1, 250, code]));
    expect(events.filter(({ type }) => type === 'batch')).toEqual([
      { type: 'batch', completed: 0, total: 250, estimatedMs: 463 },
      { type: 'batch', completed: 100, total: 250, estimatedMs: 278 },
      { type: 'batch', completed: 200, total: 250, estimatedMs: 93 },
    ]);
  });

  test('of none are none, without a call', async () => {
    const { client, calls } = await startRows([]);
    const { success, failed, stats } = await client.getCurrentPrices([]);
    expect([success.size, failed.size, stats.total, stats.stocksPerSecond]).toEqual([0, 0, 0, 0]);
    expect(calls).toHaveLength(0);
  });

  test.each([
    ['005930', {}, /`codes` must be an array or another iterable of codes, got '005930'/],
    [undefined, {}, /`codes` must be .*, got undefined/],
    [[], { concurrency: 0 }, /`concurrency` must be an integer >= 1, got 0/],
    [[], { concurrency: 1.5 }, /`concurrency` must be an integer >= 1, got 1.5/],
  ])('of %j with %j are refused by name', async (codes, options, message) => {
    const { client } = await startRows([]);
    await expect(client.getCurrentPrices(codes as never, options)).rejects.toThrow(message);
    expect(() => client.streamCurrentPrices(codes as never, options)).toThrow(message);
  });
});

describe('one bad code among many', () => {
  test('that is none fails without a call, and the others do not', async () => {
    const { client, calls } = await startRows([row('005930')]);
    const { success, failed, stats } = await client.getCurrentPrices(['5930', '005930', 5930 as never]);
    expect([...success.keys()]).toEqual(['005930']);
    expect([...failed]).toEqual([
      ['5930', expect.objectContaining({ message: expect.stringMatching(/`code` must be .* got '5930'/) })],
      [5930, expect.any(TypeError)],
    ]);
    expect(stats).toMatchObject({ total: 3, succeeded: 1, failed: 2, requests: 1 });
    expect(calls).toHaveLength(1);
  });

  test('that KIS does not know has a row of zeros, and fails as it does alone, without a further call', async () => {
    const { client, fake, play } = startTimeline();
    const { success, failed } = await play(client.getCurrentPrices(['005930', 'ZZZZZZ']));
    expect([...success.keys()]).toEqual(['005930']);
    expect(failed.get('ZZZZZZ')).toMatchObject({ code: 'ERR_KIS_API', message: 'KIS knows no stock ZZZZZZ' });
    expect(fake.log().calls).toBe(1);
    await expect(play(client.getCurrentPrice('ZZZZZZ'))).rejects.toMatchObject({
      message: 'KIS knows no stock ZZZZZZ',
    });
  });

  test('is known by its place where the row of zeros does not repeat it', async () => {
    const rows = [row('000001'), { ...row('', '0'), inter_kor_isnm: '' }, row('000003')];
    const { client, calls } = await startRows(rows);
    const { success, failed } = await client.getCurrentPrices(codes(3));
    expect([...success.keys()]).toEqual(['000001', '000003']);
    expect([...failed.keys()]).toEqual(['000002']);
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['has no row', [row('000003'), row('000001')]],
    ['has a row that cannot be read', [row('000001'), { inter_shrn_iscd: '000002', inter2_prpr: '7' }, row('000003')]],
    ['has a blank row', [row('000001'), row('000002', ''), row('000003')]],
    ['has something else for a row', [row('000001'), 'nothing', null, row('000003')]],
  ])('that %s is asked about by itself', async (_, rows) => {
    const { client, calls } = await startRows(rows);
    const { success, stats } = await client.getCurrentPrices(codes(3));
    expect([...success.values()].map(({ stockCode, currentPrice }) => [stockCode, currentPrice]).sort()).toEqual([
      ['000001', 77_400],
      ['000002', 500],
      ['000003', 77_400],
    ]);
    expect(calls.map((call) => [call.path, call.query.FID_INPUT_ISCD])).toEqual([
      [`${path}intstock-multprice`, undefined],
      [`${path}inquire-price`, '000002'],
    ]);
    expect(stats).toMatchObject({ requests: 2, retried: 0 });
  });

  test.each([{}, 'none', 7, [], [[]]])(
    'in a reply without rows (%j) leaves all to be asked about by themselves',
    async (output) => {
      const { client, calls } = await startClient(({ path }) => ok(path.endsWith('multprice') ? { output } : single()));
      const { success } = await client.getCurrentPrices(codes(2));
      expect(success.size).toBe(2);
      expect(calls).toHaveLength(3);
    },
  );

  test('that is an ETN is asked about by itself when it has a row of zeros: KIS does not say that it takes them', async () => {
    const { client, calls } = await startRows([row('000001'), row('Q500001', '0'), row('000002', '0')]);
    const { success, failed } = await client.getCurrentPrices(['000001', 'Q500001', '000002']);
    expect([...success.keys()]).toEqual(['000001', 'Q500001']);
    expect([...failed.keys()]).toEqual(['000002']);
    expect(calls.map(({ query }) => query.FID_INPUT_ISCD)).toEqual([undefined, 'Q500001']);
  });

  test('for which KIS refuses all has each of them asked about by itself', async () => {
    const { client, calls } = await startClient(({ path, query }) => {
      const isRefused = path.endsWith('multprice') || query.FID_INPUT_ISCD === '000002';
      return isRefused ? refusal('MCA05918', 200) : ok(single());
    });
    const { success, failed, stats } = await client.getCurrentPrices(codes(3));
    expect([...success.keys()].sort()).toEqual(['000001', '000003']);
    expect([...failed]).toEqual([['000002', expect.objectContaining({ kisCode: 'MCA05918' })]]);
    expect(stats.requests).toBe(calls.length);
    expect(calls).toHaveLength(4);
  });
});

describe('a call for thirty', () => {
  test('that fails in passing is sent again as any read', async () => {
    const { client, fake, play } = startTimeline({ symbols: 60 });
    fake.control({ failNext: { count: 2, trId: 'FHKST11300006', cut: 'after' } });
    const { stats, failed } = await play(client.getCurrentPrices(fake.symbols.map(({ code }) => code)));
    expect(failed).toEqual(new Map());
    expect(stats).toMatchObject({ succeeded: 60, retried: 2, requests: 4 });
  });

  test('that fails for good fails its thirty, and no others', async () => {
    const { client, fake, play } = startTimeline({ symbols: 60 }, { retry: false });
    fake.control({ failNext: { count: 1, trId: 'FHKST11300006', cut: 'after' } });
    const { failed, stats } = await play(client.getCurrentPrices(fake.symbols.map(({ code }) => code)));
    expect(new Set([...failed.values()].map((error) => (error as { code: string }).code))).toEqual(
      new Set(['ERR_KIS_NETWORK']),
    );
    expect(stats).toMatchObject({ succeeded: 30, failed: 30, requests: 2, retried: 0 });
  });
});
