import { startMockServer } from '@kis/mock';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { API_KEY, APP_KEY, envOf, ORDER_PATH, openMarket, tempDirectory } from './harness.ts';
import { builtServer } from './processes.ts';
import { assertRequests, runClient } from './python/python.ts';

const start = builtServer();
beforeAll(assertRequests, 300_000);

async function stage() {
  const server = await startMockServer({ latencyMs: 10, jitterMs: 5, clock: openMarket() });
  onTestFinished(() => server.close());
  const env = { ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url, LOG_LEVEL: 'warn' };
  const gateway = await start({ ...env, KIS_API_RATE_LIMIT_SHARE: 'file' });
  await gateway.listening;
  const client = { KIS_BASE_URL: gateway.url, KIS_APP_KEY: APP_KEY, KIS_APP_SECRET: 'my own secret' };
  return { server, gateway, client };
}

describe("a plain script with Python's requests", { timeout: 240_000 }, () => {
  test('works unchanged but for the address', async () => {
    const { client, server } = await stage();
    expect(await runClient(client)).toEqual({ ok: 1, price: expect.any(Number), failed: [] });
    expect(server.fake.log()).toMatchObject({ tokensIssued: 1, calls: 1 });
  });

  test('may run ten times at once, 100 calls each at 18 a second: 1,000 answers, no refusal, one token', async () => {
    const { client, server } = await stage();
    const startedMs = performance.now();
    const results = await Promise.all(Array.from({ length: 10 }, () => runClient(client, '100')));
    const tookMs = performance.now() - startedMs;
    expect(results.map(({ failed }) => failed)).toEqual(Array(10).fill([]));
    expect(results.reduce((sum, { ok }) => sum + Number(ok), 0)).toBe(1_000);
    const { tokenRequests, tokensIssued, calls, refusals, maxInWindow } = server.fake.log();
    expect({ tokenRequests, tokensIssued, calls, refusals }).toEqual({
      ...{ tokenRequests: 1, tokensIssued: 1 },
      ...{ calls: 1_000, refusals: 0 },
    });
    expect(maxInWindow).toBeLessThanOrEqual(18);
    console.log(`1,000 calls of ten scripts in ${(tookMs / 1_000).toFixed(1)} s`);
  });

  test('whose connection to KIS is cut has its order there once, and is told to look it up', async () => {
    const { client, server } = await stage();
    await runClient(client);
    server.fake.control({ failNext: { count: 5, path: ORDER_PATH, cut: 'after' } });
    const told = await runClient({ ...client, KIS_APP_SECRET: API_KEY, ORDER: '1' });
    expect(told).toEqual({ order: 'EGW00302' });
    expect(server.fake.log().entries.filter(({ path }) => path === ORDER_PATH)).toHaveLength(1);
  });
});
