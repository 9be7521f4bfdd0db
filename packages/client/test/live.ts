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

test('a code that KIS does not know is an error', async () => {
  await assert.rejects(client.getCurrentPrice('ZZZZZZ'), { code: 'ERR_KIS_API' });
});

test('one token for all of it', async () => {
  const { state, attempts } = await client.tokens.status();
  assert.ok(state === 'VALID' || state === 'EXPIRING_SOON');
  assert.ok(attempts.every(({ outcome }) => outcome !== 'refused'));
});

function assertInOrder(candles: Awaited<ReturnType<typeof client.getChart>>): void {
  for (const [index, { startMs, lowPrice, highPrice, openPrice, closePrice }] of candles.entries()) {
    assert.ok(startMs < (candles[index - 1]?.startMs ?? Infinity));
    assert.ok(lowPrice <= Math.min(openPrice, closePrice) && Math.max(openPrice, closePrice) <= highPrice);
  }
}
