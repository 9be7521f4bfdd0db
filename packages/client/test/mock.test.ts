import { createFakeKis, type FakeKis, type FakeKisOptions, startMockServer } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { createKisIssuer, createTokenManager } from '@kis/token-core';
import { request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, type KisClient, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

const keys = { appKey, appSecret, environment: 'real' } as const;

interface Stage {
  readonly fake: FakeKis;
  readonly client: KisClient;
}

/** The client over the fake's dispatcher, and over its server by real sockets. */
const stages = {
  async dispatcher(options: FakeKisOptions, given?: Partial<KisClientOptions>) {
    const fake = createFakeKis(options);
    return keep(fake, createKisClient({ ...keys, dispatcher: fake.dispatcher, ...given }));
  },
  async server(options: FakeKisOptions, given?: Partial<KisClientOptions>) {
    const server = await startMockServer(options);
    onTestFinished(() => server.close());
    return keep(server.fake, createKisClient({ ...keys, baseUrl: server.url, ...given }));
  },
};

function keep(fake: FakeKis, client: KisClient): Stage {
  onTestFinished(() => client.close());
  return { fake, client };
}

/** `total` calls by `workers` at once; what is done after the tenth is told. */
async function work(client: KisClient, total: number, workers: number, afterTenth: () => void) {
  const errors: unknown[] = [];
  let [begun, ended, ok] = [0, 0, 0];
  async function worker(): Promise<void> {
    while (begun < total) {
      begun += 1;
      await client.getCurrentPrice('005930').then(
        () => (ok += 1),
        (error) => errors.push(error),
      );
      ended += 1;
      if (ended === 10) afterTenth();
    }
  }
  await Promise.all(Array.from({ length: workers }, worker));
  return { ok, errors };
}

const fast = () => createRateLimiter({ limit: 1_000 });

describe.each(Object.entries(stages))('over the %s of the mock', (_, start) => {
  test('price, order book and chart of a stock agree with each other', async () => {
    const { client, fake } = await start({});
    const price = await client.getCurrentPrice('005930');
    const book = await client.getOrderBook('005930');
    const chart = await client.getChart('005930', { period: 'day', count: 5 });
    expect(book.bestBid).toBeLessThanOrEqual(book.bestAsk);
    expect(book.bidLevels).toHaveLength(10);
    expect(chart).toHaveLength(5);
    expect(chart[0]?.startMs).toBeGreaterThan(chart[1]?.startMs ?? Infinity);
    expect(price.lowPrice).toBeLessThanOrEqual(price.currentPrice);
    expect(chart[0]?.closePrice).toBe(price.currentPrice);
    expect(fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1, calls: 3 });
    expect(await client.tokens.status()).toMatchObject({ state: 'VALID', valid: true });
  });

  test.each(['day', 'week', 'month'] as const)('a chart of 250 candles by the %s has each one once', async (period) => {
    const { client } = await start({ limit: 1_000 }, { rateLimiter: fast() });
    const dates = (await client.getChart('005930', { period, count: 250 })).map(({ date }) => date);
    expect(new Set(dates).size).toBe(dates.length);
    expect(dates).toEqual([...dates].sort().reverse());
    if (period === 'day') expect(dates).toHaveLength(250);
  });

  test('a code that KIS does not know is an error by every way', async () => {
    const { client } = await start({});
    for (const call of [client.getCurrentPrice('ZZZZZZ'), client.getOrderBook('ZZZZZZ')]) {
      await expect(call).rejects.toMatchObject({ code: 'ERR_KIS_API' });
    }
    await expect(client.getChart('ZZZZZZ', { period: 'day', count: 1 })).rejects.toMatchObject({ code: 'ERR_KIS_API' });
  });

  test('calls 10 to 12 of 30 refused for their rate: all 30 succeed', async () => {
    const { client, fake } = await start({ limit: 1_000 }, { rateLimiter: fast() });
    const { ok, errors } = await work(client, 30, 1, () =>
      fake.control({ failNext: { count: 3, kisCode: 'EGW00201' } }),
    );
    expect({ ok, errors }).toEqual({ ok: 30, errors: [] });
    expect(fake.log().calls).toBe(33);
  });

  test('broken connections and pages without JSON are read again', async () => {
    const { client, fake } = await start({ limit: 1_000 }, { rateLimiter: fast(), retry: { backoffMs: 1 } });
    for (const failNext of [
      { cut: 'before' } as const,
      { cut: 'after' } as const,
      { status: 503, body: '<html></html>' },
      { status: 500, body: '' },
    ]) {
      fake.control({ failNext: { count: 2, path: 'inquire-price', ...failNext } });
      expect((await client.getCurrentPrice('005930')).currentPrice).toBeGreaterThan(0);
    }
  });

  test('a body that never ends is left after timeoutMs', async () => {
    const { client, fake } = await start({}, { timeoutMs: 100 });
    fake.control({ failNext: { count: 1, path: 'inquire-price', cut: 'never-ends' } });
    await expect(client.getCurrentPrice('005930')).rejects.toMatchObject({
      code: 'ERR_KIS_NETWORK',
      cause: { name: 'TimeoutError' },
    });
  });

  test.each([500, 200] as const)(
    'a token that dies at call 10 of 40 under 8 workers (HTTP %d): 40 succeed, with 2 tokens in all',
    async (deadTokenStatus) => {
      const options = { limit: 1_000, deadTokenStatus, issueIntervalMs: 0, latencyMs: 10, tokenLatencyMs: 20 };
      const { client, fake } = await startWithInterval(0, options);
      const { ok, errors } = await work(client, 40, 8, () => fake.control({ killToken: 'fresh' }));
      expect({ ok, errors }).toEqual({ ok: 40, errors: [] });
      expect(fake.log()).toMatchObject({ tokensIssued: 2, tokenRequests: 2 });
    },
  );

  test('one that dies inside the interval: the callers wait for it, and no question is refused', async () => {
    const options = { limit: 1_000, issueIntervalMs: 1_500, latencyMs: 10 };
    const { client, fake } = await startWithInterval(1_500, options);
    const { ok, errors } = await work(client, 40, 8, () => fake.control({ killToken: 'fresh' }));
    expect({ ok, errors }).toEqual({ ok: 40, errors: [] });
    expect(fake.log()).toMatchObject({ tokensIssued: 2, tokenRequests: 2 });
  });

  test('one that KIS gives again though it is dead: one typed error for all, and no loop', async () => {
    const options = { limit: 1_000, issueIntervalMs: 0, latencyMs: 10 };
    const { client, fake } = await startWithInterval(0, options);
    const { ok, errors } = await work(client, 40, 8, () => fake.control({ killToken: 'dead-end' }));
    expect(ok + errors.length).toBe(40);
    expect(ok).toBeGreaterThanOrEqual(10);
    expect(new Set(errors.map((it) => (it as { code: string }).code))).toEqual(new Set(['ERR_TOKEN_ISSUE']));
    const { tokenRequests } = fake.log();
    expect(tokenRequests).toBeLessThanOrEqual(2);
    await expect(client.getCurrentPrice('005930')).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE' });
    expect(fake.log().tokenRequests).toBe(tokenRequests);
  });

  /** With a manager of its own, which is how the interval between questions is chosen. */
  async function startWithInterval(minIssueIntervalMs: number, options: FakeKisOptions): Promise<Stage> {
    let ask: Stage['fake'] | undefined;
    const issuer = createKisIssuer({
      ...keys,
      fetch: async (url, { method, headers, body, signal }) => {
        const reply = await request(url, {
          method,
          headers,
          body: body ?? null,
          signal,
          dispatcher: ask?.dispatcher as never,
        });
        const text = await reply.body.text();
        return {
          status: reply.statusCode,
          headers: { get: (name) => String(reply.headers[name] ?? '') },
          text: async () => text,
        };
      },
    });
    const tokens = createTokenManager({ ...keys, issuer, minIssueIntervalMs });
    onTestFinished(() => tokens.close());
    const stage = await start(options, { tokens, rateLimiter: fast() });
    ask = stage.fake;
    return stage;
  }
});

describe('over real sockets', () => {
  test('8 callers use at most 10 connections, and what KIS refuses for its rate costs no caller a quote', async () => {
    const { client, fake } = await stages.server({ limit: 10 });
    const { ok, errors } = await work(client, 40, 8, () => {});
    expect({ ok, errors }).toEqual({ ok: 40, errors: [] });
    expect(fake.log().refusals).toBeGreaterThan(0);
    expect(fake.log().connections).toBeLessThanOrEqual(10);
  });
});

describe('the token', () => {
  test('is asked for over the connections of the client', async () => {
    const { dispatcher } = createFakeKis();
    const seen: string[] = [];
    const listening = dispatcher.compose((dispatch) => (options, handler) => {
      seen.push(new URL(options.path, 'http://localhost').pathname);
      return dispatch(options, handler);
    });
    const client = createKisClient({ ...keys, dispatcher: listening });
    await client.getCurrentPrice('005930');
    await client.close();
    expect(seen).toEqual(['/', '/oauth2/tokenP', '/uapi/domestic-stock/v1/quotations/inquire-price']);
  });
});
