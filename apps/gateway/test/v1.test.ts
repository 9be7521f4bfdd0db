import { describe, expect, test } from 'vitest';
import { startGateway } from './harness.ts';

describe('the typed routes', () => {
  test.each([
    ['/v1/quotes/005930', { stockCode: '005930', currentPrice: expect.any(Number), volume: expect.any(Number) }],
    [
      '/v1/order-books/005930',
      { bestBid: expect.any(Number), askLevels: expect.arrayContaining([expect.any(Object)]) },
    ],
    ['/v1/charts/005930?period=day&count=2', { code: '005930', candles: [expect.any(Object), expect.any(Object)] }],
    ['/v1/charts/005930?period=5m&count=2', { period: '5m', candles: [expect.any(Object), expect.any(Object)] }],
    ['/v1/stocks/005930', { stockName: '삼성전자', market: 'KOSPI' }],
    ['/v1/overseas/quotes/NAS/AAPL', { symbol: 'AAPL', currentPrice: expect.any(Number) }],
    ['/v1/overseas/charts/NAS/AAPL?count=2', { candles: [expect.any(Object), expect.any(Object)] }],
    ['/v1/ipos?from=20261101&to=20261231', { ipos: expect.any(Array) }],
  ])('%s answers with numbers', async (url, answer) => {
    const { app } = await startGateway();
    const reply = await app.inject(url);
    expect(reply.json()).toMatchObject(answer);
    expect(reply.json()).not.toHaveProperty('raw');
  });

  test('answer from the cache what was asked a moment ago, and say so', async () => {
    const { app, fake } = await startGateway({ env: { KIS_CACHE_TTL_PRICE: '60' } });
    const [first] = [await app.inject('/v1/quotes/005930')];
    const second = await app.inject('/v1/quotes/005930');
    expect(first?.json()).not.toHaveProperty('cachedAtMs');
    expect(second.json()).toHaveProperty('cachedAtMs');
    expect(fake.log().calls).toBe(1);
    expect((await app.inject('/v1/quotes/005930?fresh=true')).json()).not.toHaveProperty('cachedAtMs');
    expect(fake.log().calls).toBe(2);
  });

  test('tell what went wrong as RFC 9457 wants it, with the code of KIS', async () => {
    const { app, fake } = await startGateway();
    const ask = async (url: string) => {
      const reply = await app.inject(url);
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(reply.json()).toMatchObject({ type: 'about:blank', status: reply.statusCode, title: expect.any(String) });
      return reply.json<object>();
    };
    expect(await ask('/v1/quotes/5930')).toMatchObject({ status: 400 });
    expect(await ask('/v1/charts/005930?count=0')).toMatchObject({ status: 400 });
    expect(await ask('/v1/nothing')).toMatchObject({ status: 404, code: 'ERR_NO_ROUTE' });
    expect(await ask('/v1/quotes/999999')).toMatchObject({ status: 404, code: 'ERR_KIS_API', trId: 'FHKST01010100' });
    fake.control({ failNext: { count: 1, kisCode: 'EGW00206' } });
    expect(await ask('/v1/quotes/005930')).toMatchObject({ status: 502, code: 'ERR_KIS_API', kisCode: 'EGW00206' });
    fake.control({ failNext: { count: 50, cut: 'before' } });
    expect(await ask('/v1/quotes/005930')).toMatchObject({ status: 504, code: 'ERR_KIS_NETWORK' });
    expect(await ask('/v1/quotes/000660')).toMatchObject({ code: expect.stringMatching(/NETWORK|CIRCUIT/) });
    const retryAfterMs = expect.toSatisfy(Number.isInteger);
    expect(await ask('/v1/quotes/000660')).toMatchObject({ status: 503, code: 'ERR_CIRCUIT_OPEN', retryAfterMs });
  });

  test('are told at /docs, by a page and a document of their schemas that ask no other host', async () => {
    const { app } = await startGateway();
    const document = (await app.inject('/docs/json')).json<{ paths: object }>();
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/v1/quotes/{code}',
        '/v1/quotes',
        '/v1/ipos',
        '/v1/overseas/charts/{exchange}/{symbol}',
      ]),
    );
    expect(Object.keys(document.paths).filter((path) => /uapi|oauth2|events|assets/.test(path))).toEqual([]);
    const page = await app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.payload).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe('many quotes', () => {
  test('come as lines, each as soon as it is there, with progress and an end', async () => {
    const { app, fake } = await startGateway();
    const codes = [...fake.symbols.slice(0, 65).map(({ code }) => code), 'XX', '999999'];
    const reply = await app.inject({ method: 'POST', url: '/v1/quotes', payload: { codes } });
    expect(reply.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = reply.payload
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const of = (type: string) => lines.filter((line) => line.type === type);
    expect(of('quote')).toHaveLength(65);
    expect(
      of('problem')
        .map(({ stockCode }) => stockCode)
        .sort(),
    ).toEqual(['999999', 'XX']);
    expect(of('progress').map(({ completed }) => completed)).toEqual([0, 30, 60]);
    expect(lines.at(-1)).toMatchObject({ type: 'end', total: 67, succeeded: 65, failed: 2 });
    expect(fake.log().calls).toBeLessThan(10);
  });

  test('are refused as a whole where none could be asked for', async () => {
    const { app } = await startGateway();
    for (const payload of [{}, { codes: [] }, { codes: 'x' }, { codes: [7, {}] }, []]) {
      expect((await app.inject({ method: 'POST', url: '/v1/quotes', payload })).statusCode).toBe(400);
    }
  });
});
