import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { createKisClientFromEnv } from '../src/index.ts';

// `pnpm test:live`: reads from KIS itself, with the keys of the environment or of `.env`. It sends no order.
if (existsSync('.env')) process.loadEnvFile();
const named = ['KIS_APP_KEY', 'KIS_APP_SECRET'];
const missing = named.filter((name) => !process.env[name]?.trim() && !process.env[`${name}_FILE`]?.trim());
if (missing.length > 0) {
  console.error(`test:live needs ${missing.join(' and ')} in the environment or in .env: nothing was tested`);
  process.exit(1);
}

const code = '005930';
const client = await createKisClientFromEnv();
after(() => client.close());

test(`a price from KIS's ${client.environment} host`, async () => {
  const { currentPrice, lowPrice, highPrice, timestampMs } = await client.getCurrentPrice(code);
  assert.ok(currentPrice > 0 && lowPrice <= highPrice);
  assert.ok(Math.abs(timestampMs - Date.now()) < 86_400_000);
});

test('an order book of ten levels on each side', async () => {
  const { bidLevels, askLevels } = await client.getOrderBook(code);
  assert.deepEqual([bidLevels.length, askLevels.length], [10, 10]);
});

test('a chart of 120 days, which is more than one page', async () => {
  const candles = await client.getChart(code, { period: 'day', count: 120 });
  assert.equal(candles.length, 120);
  assertInOrder(candles);
});

test('charts of minutes', async () => {
  // The virtual host has none before the open.
  const least = client.environment === 'real' ? 3 : 0;
  for (const period of ['1m', '5m', '30m'] as const) {
    const candles = await client.getChart(code, { period, count: 3 });
    assert.ok(candles.length >= least);
    assertInOrder(candles);
  }
});

test('what a stock is', async () => {
  const { stockName, market } = await client.getStockInfo(code);
  assert.deepEqual([stockName, market], ['삼성전자', 'KOSPI']);
});

test('prices abroad, and charts', async () => {
  const { currentPrice, decimalPlaces } = await client.getOverseasPrice({ exchange: 'NAS', symbol: 'AAPL' });
  assert.ok(currentPrice > 0 && decimalPlaces > 0);
  const days = await client.getOverseasChart({ exchange: 'NAS', symbol: 'AAPL' }, { period: 'day', count: 3 });
  assert.equal(days.length, 3);
  assertInOrder(days);
});

test('investors, and the chart of an index', async () => {
  assert.ok((await client.getInvestors(code)).length > 20);
  const candles = await client.getIndexChart('0001', { period: 'day', count: 3 });
  assert.equal(candles.length, 3);
  assertInOrder(candles);
});

test('the symbols of a market', async () => {
  const symbols = await client.getSymbols({ market: 'KOSPI' });
  const samsung = symbols.find((symbol) => symbol.code === code);
  assert.deepEqual([samsung?.name, samsung?.isin, samsung?.group], ['삼성전자', 'KR7005930003', 'ST']);
});

test('what the real host alone has', async () => {
  const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  const calls = [
    async () => assert.ok(((await client.getEtfPrice('069500')).nav ?? 0) > 0),
    async () => assert.equal((await client.getOverseasPriceDetail('SPY', { country: 'US' })).exchange, 'AMS'),
    async () => assert.equal((await client.searchStockInfo(code)).isin, 'KR7005930003'),
    async () => assert.ok((await client.getIpoSchedule({ from: '20260101', to: '20260630' })).length > 0),
    async () => assert.equal((await client.getHolidays({ from: today })).length, 31),
    async () => assert.equal(typeof (await client.isMarketOpen()), 'boolean'),
    async () => assert.equal((await client.getVolumeRank())[0]?.rank, 1),
    async () => assert.ok((await client.getIndexPrice('0001')).currentPrice > 0),
    async () => {
      const stock = { exchange: 'NAS', symbol: 'AAPL' } as const;
      assertInOrder(await client.getOverseasChart(stock, { period: '5m', count: 130 }));
    },
  ];
  for (const call of calls) {
    if (client.environment === 'real') await call();
    else await assert.rejects(call, { code: 'ERR_UNSUPPORTED' });
  }
});

test('a code that KIS does not know is an error', async () => {
  await assert.rejects(client.getCurrentPrice('ZZZZZZ'), { code: 'ERR_KIS_API' });
});

test('one token for all of it', async () => {
  const { state, attempts } = await client.tokens.status();
  assert.ok(state === 'VALID' || state === 'EXPIRING_SOON');
  assert.ok(attempts.every(({ outcome }) => outcome !== 'refused'));
});

interface Bar {
  readonly startMs: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
}

function assertInOrder(candles: readonly Bar[]): void {
  for (const [index, { startMs, lowPrice, highPrice, openPrice, closePrice }] of candles.entries()) {
    assert.ok(startMs < (candles[index - 1]?.startMs ?? Infinity));
    assert.ok(lowPrice <= Math.min(openPrice, closePrice) && Math.max(openPrice, closePrice) <= highPrice);
  }
}
