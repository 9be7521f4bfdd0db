import { createRateLimiter } from '@kis/ratelimit';
import {
  createKisIssuer,
  createTokenManager,
  type IssuerFetch,
  TokenIssueError,
  type TokenManager,
  TokenStorageError,
} from '@kis/token-core';
import { fetch } from 'undici';
import { describe, expect, test } from 'vitest';
import type { BatchResult } from '../src/index.ts';
import { appKey, appSecret, createFakeTokens } from './harness.ts';
import { startTimeline, type Timeline } from './timeline.ts';

const wide = { limit: 1_000, symbols: 1_000 };
const codesOf = ({ fake }: Timeline): string[] => fake.symbols.map(({ code }) => code);

/** A client whose tokens are away for a while, from the start on or a second later. */
function startLate(lateMs: number, error: Error, sinceMs = 0): Timeline {
  const account = { appKey, appSecret, environment: 'real' } as const;
  const timeline: Timeline = startTimeline(wide, (clock) => {
    const ask: IssuerFetch = (url, init) => fetch(url, { ...init, dispatcher: timeline.fake.dispatcher });
    const tokens = createTokenManager({ ...account, issuer: createKisIssuer({ ...account, fetch: ask }), clock });
    const awayMs = clock.nowMs() + sinceMs;
    const getToken: TokenManager['getToken'] = async (options) => {
      if (clock.nowMs() >= awayMs && clock.nowMs() < awayMs + lateMs) throw error;
      return tokens.getToken(options);
    };
    return { tokens: { ...tokens, getToken } };
  });
  return timeline;
}

const storageError = new TokenStorageError('read', 'kis:token', new Error('down'));
const noToken = (kisCode: string, retryAfterMs: number) => new TokenIssueError('no token', { kisCode, retryAfterMs });

describe('a batch that is stopped', () => {
  test('by its signal keeps what it has, says why, and its sums add up', async () => {
    const timeline = startTimeline({ symbols: 2_400 });
    const controller = new AbortController();
    const { client, fake, pass, play } = timeline;
    await play(client.tokens.getToken());
    const batch = client.getCurrentPrices(codesOf(timeline), { signal: controller.signal });
    await pass(1_500);
    const reason = new Error('enough');
    controller.abort(reason);
    const { success, failed, stats, stoppedBy } = await batch;
    expect(stoppedBy).toBe(reason);
    expect([success.size, failed.size]).toEqual([36 * 30, 0]);
    expect(stats).toMatchObject({ total: 2_400, succeeded: 36 * 30, failed: 0, requests: 36, durationMs: 1_500 });
    const { calls } = fake.log();
    await pass(10_000);
    expect(fake.log().calls).toBe(calls);
  });

  test.each([1, 2, 10])('by a signal when all is done (concurrency %i) is not', async (concurrency) => {
    const timeline = startTimeline({ symbols: 60 });
    const controller = new AbortController();
    const onProgress = (completed: number) => completed === 60 && controller.abort('late');
    const batch = timeline.client.getCurrentPrices(codesOf(timeline), {
      concurrency,
      signal: controller.signal,
      onProgress,
    });
    const result = await timeline.play(batch);
    expect(result.stats).toMatchObject({ total: 60, succeeded: 60 });
    expect(result).not.toHaveProperty('stoppedBy');
  });

  test('before it began asks nothing', async () => {
    const timeline = startTimeline();
    const { client, fake } = timeline;
    const signal = AbortSignal.abort('never mind');
    const { success, failed, stats, stoppedBy } = await client.getCurrentPrices(codesOf(timeline), { signal });
    expect([success.size, failed.size, stats.total, stoppedBy]).toEqual([0, 0, 20, 'never mind']);
    expect(fake.log()).toMatchObject({ tokenRequests: 0, calls: 0 });
  });

  test.each(['prices', 'charts'] as const)('by a token that stays dead does so within 20 calls (%s)', async (what) => {
    const timeline = startTimeline({ symbols: 1_000 });
    const { client, fake, pass, play } = timeline;
    const codes = codesOf(timeline);
    const batch: Promise<BatchResult<unknown>> =
      what === 'prices' ? client.getCurrentPrices(codes) : client.getCharts(codes, { period: 'day', count: 1 });
    await pass(1_000);
    const before = fake.log().calls;
    fake.control({ killToken: 'dead-end' });
    const { success, failed, stats, stoppedBy } = await play(batch);
    expect(stoppedBy).toMatchObject({ code: 'ERR_TOKEN_ISSUE' });
    expect(fake.log().calls - before).toBeLessThanOrEqual(20);
    expect(success.size).toBeGreaterThan(0);
    expect(failed.size).toBe(0);
    expect(stats).toMatchObject({ total: 1_000, succeeded: success.size, requests: fake.log().calls });
  });

  test('by a token that KIS refuses each time it is new does so within 20 calls', async () => {
    const timeline = startTimeline(wide, { tokens: createFakeTokens() });
    timeline.fake.control({ failNext: { count: 1_000_000, path: 'multprice', kisCode: 'EGW00123' } });
    const { stoppedBy, failed } = await timeline.play(timeline.client.getCurrentPrices(codesOf(timeline)));
    expect(stoppedBy).toMatchObject({ kisCode: 'EGW00123' });
    expect(failed.size).toBe(0);
    expect(timeline.fake.log().calls).toBeLessThanOrEqual(20);
  });

  test.each(['EGW00103', 'EGW00105', 'EGW00206', 'EGW00304'])(
    'by a wrong key (%s) asks no more than is under way',
    async (kisCode) => {
      const timeline = startTimeline(wide);
      timeline.fake.control({ failNext: { count: 1_000_000, path: 'multprice', kisCode } });
      const { stoppedBy, failed } = await timeline.play(timeline.client.getCurrentPrices(codesOf(timeline)));
      expect(stoppedBy).toMatchObject({ kisCode });
      expect(failed.size).toBe(0);
      expect(timeline.fake.log().calls).toBeLessThanOrEqual(10);
    },
  );

  test('by keys that get no token asks nothing', async () => {
    const issuer = {
      timeoutMs: 10_000,
      issue: () => Promise.reject(new TokenIssueError('KIS gave no token', { status: 403, kisCode: 'EGW00103' })),
    };
    const timeline = startTimeline(wide, (clock) => ({
      tokens: createTokenManager({ appKey, appSecret, environment: 'real', issuer, clock }),
    }));
    const { stoppedBy } = await timeline.play(timeline.client.getCurrentPrices(codesOf(timeline)));
    expect(stoppedBy).toMatchObject({ code: 'ERR_TOKEN_ISSUE', kisCode: 'EGW00103' });
    expect(timeline.fake.log().calls).toBe(0);
  });

  test.each([
    ['that KIS does not know', noToken('EGW00103', 60_000)],
    ['whose secret KIS does not know', noToken('EGW00105', 60_000)],
    ['that KIS refuses a token by a code for good', noToken('EGW00104', 60_000)],
    ['that KIS refuses a token by a code that nobody knows', noToken('XYZ', 60_000)],
    ['whose token takes longer than it has patience', noToken('EGW00133', 121_000)],
  ])('by keys %s is so at once', async (_, error) => {
    const timeline = startLate(60_000, error);
    const { client, clock, play } = timeline;
    const sinceMs = clock.nowMs();
    const { stoppedBy } = await play(client.getCurrentPrices(codesOf(timeline)));
    expect(stoppedBy).toBe(error);
    expect(clock.nowMs()).toBe(sinceMs);
  });

  test.each([
    ['was never there, within ten seconds', 0, 10_000],
    ['goes away for good, within two minutes', 1_000, 120_000],
  ])('by a storage of tokens that %s', async (_, awayMs, longestMs) => {
    const timeline = startLate(Infinity, storageError, awayMs);
    const { client, clock, play } = timeline;
    const sinceMs = clock.nowMs() + awayMs;
    const { stoppedBy, success, failed } = await play(client.getCurrentPrices(codesOf(timeline)));
    expect([stoppedBy, failed.size]).toEqual([storageError, 0]);
    expect(success.size > 0).toBe(awayMs > 0);
    expect(clock.nowMs() - sinceMs).toBeLessThanOrEqual(longestMs + 1_000);
  });

  test('by a breaker that stays open for over two minutes', async () => {
    const timeline = startTimeline(wide);
    const { client, clock, fake, play } = timeline;
    fake.control({ failNext: { count: 1_000_000, path: 'multprice', cut: 'before' } });
    const sinceMs = clock.nowMs();
    const { stoppedBy, success, failed, stats } = await play(client.getCurrentPrices(codesOf(timeline)));
    expect(stoppedBy).toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(clock.nowMs() - sinceMs).toBeLessThanOrEqual(125_000);
    expect(success.size).toBe(0);
    expect(failed.size).toBeLessThanOrEqual(7 * 30);
    expect(stats.total).toBe(1_000);
    expect(fake.log().calls).toBeLessThanOrEqual(10);
  });

  test('by a limiter that was closed asks nothing', async () => {
    const rateLimiter = createRateLimiter({ limit: 18 });
    await rateLimiter.close();
    const { client, fake, play } = startTimeline({}, { rateLimiter, tokens: createFakeTokens() });
    const { stoppedBy, failed } = await play(client.getCurrentPrices(['005930', '000660']));
    expect(stoppedBy).toMatchObject({ code: 'ERR_RATE_LIMIT', reason: 'closed' });
    expect([failed.size, fake.log().calls]).toEqual([0, 0]);
  });

  test('by what the host does not offer asks nothing', async () => {
    const timeline = startTimeline({ environment: 'virtual' }, { environment: 'virtual' });
    const batch = timeline.client.getCharts(codesOf(timeline), { period: '1m', count: 400 });
    expect(await batch).toMatchObject({ stoppedBy: { code: 'ERR_UNSUPPORTED' }, stats: { requests: 0, failed: 0 } });
  });

  test('by the close of its client ends then, also while it waits for a breaker', async () => {
    for (const isBroken of [false, true]) {
      const timeline = startTimeline({ symbols: 1_000 });
      const { client, fake, clock, pass, play } = timeline;
      if (isBroken) fake.control({ failNext: { count: 1_000_000, path: 'multprice', cut: 'before' } });
      const batch = client.getCurrentPrices(codesOf(timeline));
      await pass(5_000 * Number(isBroken) + 500);
      await client.close();
      const sinceMs = clock.nowMs();
      const { stoppedBy, stats } = await play(batch);
      expect(stoppedBy).toMatchObject({ code: expect.stringMatching(/^ERR_(KIS_NETWORK|RATE_LIMIT)$/) });
      expect(stats.succeeded + stats.failed).toBeLessThan(1_000);
      expect(clock.nowMs() - sinceMs).toBeLessThan(100);
    }
  });
});

describe('a batch that goes on', () => {
  test('waits for a breaker that was opened, and asks all when it lets calls through, also those whose calls opened it', async () => {
    const timeline = startTimeline(wide);
    const { client, clock, fake, play } = timeline;
    fake.control({ failNext: { count: 5, path: 'multprice', cut: 'before' } });
    const sinceMs = clock.nowMs();
    const { stats, stoppedBy } = await play(client.getCurrentPrices(codesOf(timeline)));
    expect(stoppedBy).toBeUndefined();
    expect([stats.succeeded, stats.failed]).toEqual([1_000, 0]);
    expect(clock.nowMs() - sinceMs).toBeGreaterThan(60_000);
  });

  test.each([
    ['a token that KIS gives in a minute', 0, 60_000, noToken('EGW00133', 60_000)],
    ['a token that KIS gives when it is well again', 0, 60_000, noToken('EGW00002', 60_000)],
    ['a storage of tokens that comes up later than the batch', 0, 5_000, storageError],
    ['a storage of tokens that is away for a minute on the way', 1_000, 60_000, storageError],
  ])('waits for %s', async (_, awayMs, lateMs, error) => {
    const timeline = startLate(lateMs, error, awayMs);
    const { client, play } = timeline;
    const { stats, stoppedBy } = await play(client.getCurrentPrices(codesOf(timeline)));
    expect(stoppedBy).toBeUndefined();
    expect(stats).toMatchObject({ succeeded: 1_000, failed: 0 });
  });

  test('beside callers who fill the queue loses no stock', async () => {
    for (const rateLimiter of [
      { limit: 1, queueTimeoutMs: 5_000 },
      { limit: 1, maxQueue: 3 },
    ]) {
      const timeline = startTimeline({}, { rateLimiter });
      const { client, play } = timeline;
      const others = Promise.allSettled(Array.from({ length: 30 }, () => client.getOrderBook('005930')));
      const charts = client.getCharts(codesOf(timeline), { period: 'day', count: 1 });
      expect((await play(charts)).stats).toMatchObject({ succeeded: 20, failed: 0, requests: 20 });
      await play(others);
    }
  });

  test('of 16,000 stocks outlives its token three times: all succeed, with four tokens', async () => {
    const account = { appKey, appSecret, environment: 'real' } as const;
    const ofFake = { symbols: 16_000, limit: 1_000, issueIntervalMs: 1_000 };
    const timeline: Timeline = startTimeline(ofFake, (clock) => {
      const ask: IssuerFetch = (url, init) => fetch(url, { ...init, dispatcher: timeline.fake.dispatcher });
      const issuer = createKisIssuer({ ...account, fetch: ask });
      return {
        rateLimiter: createRateLimiter({ limit: 200, clock }),
        tokens: createTokenManager({ ...account, issuer, clock, minIssueIntervalMs: 1_000 }),
      };
    });
    const { client, fake, play } = timeline;
    const onProgress = (completed: number) => {
      if ([4_000, 8_000, 12_000].includes(completed)) fake.control({ killToken: 'fresh' });
    };
    const { stats, failed } = await play(client.getCurrentPrices(codesOf(timeline), { onProgress }));
    expect([stats.succeeded, failed.size]).toEqual([16_000, 0]);
    expect(fake.log()).toMatchObject({ tokenRequests: 4, tokensIssued: 4, refusals: 0 });
    expect(stats).toMatchObject({ requests: fake.log().calls, retried: fake.log().calls - Math.ceil(16_000 / 30) });
  });
});
