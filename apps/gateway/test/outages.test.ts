import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFakeKis, startMockServer } from '@kis/mock';
import { startRedis } from '@kis/redis-servers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { createGateway } from '../src/gateway.ts';
import { API_KEY, envOf, headersFor, openMarket, PRICE_URL, tempDirectory } from './harness.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };

/** A gateway before a KIS that can be taken away, and given back on the same port. */
async function stage(env: Record<string, string>) {
  const fake = createFakeKis({ clock: openMarket() });
  let server = await startMockServer({ fake });
  onTestFinished(() => server.close());
  const { url } = server;
  const config = await readConfig({
    ...envOf(await tempDirectory()),
    ...{ KIS_API_BASE_URL_REAL: url, KIS_API_CIRCUIT_BREAKER_TIMEOUT: '1', KIS_CACHE_TTL_ORDERBOOK: '600' },
    ...{ LOG_LEVEL: 'silent', ...env },
  });
  const gateway = await createGateway(config);
  onTestFinished(() => gateway.close());
  await gateway.listen();
  const { app } = gateway;
  const status = async (path: string) => (await app.inject(path)).statusCode;
  const missing = async () => (await app.inject('/readyz')).json<{ missing: string[] }>().missing;
  await vi.waitFor(async () => expect(await missing()).toEqual([]), PATIENCE);
  return {
    ...{ app, fake, status, missing },
    closeKis: () => server.close(),
    async openKis() {
      server = await startMockServer({ fake, port: Number(new URL(url).port) });
    },
  };
}

describe('while the gateway serves', { timeout: 180_000 }, () => {
  test('Redis may go and come back empty: calls go on with the token and a share of the budget', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const it = await stage({
      KOREA_INVESTMENT_TOKEN_STORAGE: 'redis',
      KOREA_INVESTMENT_REDIS_URL: redis.url,
      KIS_API_RATE_LIMIT_SHARE: 'redis',
    });
    expect(await it.status('/v1/quotes/005930')).toBe(200);
    await redis.kill();
    await vi.waitFor(async () => expect(await it.missing()).toContain('storage'), PATIENCE);
    for (const code of ['000660', '035420', '035720']) expect(await it.status(`/v1/quotes/${code}`)).toBe(200);
    const headers = await headersFor(it.app, 'FHKST01010100', API_KEY);
    expect((await it.app.inject({ url: PRICE_URL, headers })).json()).toMatchObject({ rt_cd: '0' });
    await redis.restart();
    await vi.waitFor(async () => expect(await it.missing()).toEqual([]), PATIENCE);
    expect(await it.status('/v1/quotes/005380')).toBe(200);
    expect(it.fake.log()).toMatchObject({ tokenRequests: 1, refusals: 0 });
  });

  test('KIS may go and come back: what is kept is served, the rest is told at once, and the breaker closes by itself', async () => {
    const it = await stage({});
    expect(await it.status('/v1/order-books/005930')).toBe(200);
    await it.closeKis();
    for (let n = 0; n < 6; n += 1) expect(await it.status('/v1/quotes/000660')).toBeGreaterThanOrEqual(500);
    await vi.waitFor(async () => {
      await it.status('/v1/quotes/000660');
      expect(await it.missing()).toEqual(['breaker']);
    }, PATIENCE);
    expect(await it.status('/v1/order-books/005930')).toBe(200);
    expect(await it.status('/healthz')).toBe(200);
    await it.openKis();
    await vi.waitFor(async () => expect(await it.status('/v1/quotes/000660')).toBe(200), PATIENCE);
    await vi.waitFor(async () => expect(await it.missing()).toEqual([]), PATIENCE);
    expect(it.fake.log().tokenRequests).toBe(1);
  });

  test('the disk may go and come back: calls go on with the token and a share of the budget', async () => {
    const folder = await tempDirectory();
    const directory = join(folder, 'tokens');
    await mkdir(directory);
    const it = await stage({ KIS_TOKEN_FILE_PATH: join(directory, 'token.json'), KIS_API_RATE_LIMIT_SHARE: 'file' });
    await rename(directory, join(folder, 'away'));
    await writeFile(directory, 'no directory');
    await vi.waitFor(async () => expect(await it.missing()).toContain('storage'), PATIENCE);
    for (const code of ['000660', '035420', '035720']) expect(await it.status(`/v1/quotes/${code}`)).toBe(200);
    await rm(directory);
    await rename(join(folder, 'away'), directory);
    await vi.waitFor(async () => expect(await it.missing()).toEqual([]), PATIENCE);
    expect(await it.status('/v1/quotes/005380')).toBe(200);
    expect(it.fake.log()).toMatchObject({ tokenRequests: 1, refusals: 0 });
  });
});
