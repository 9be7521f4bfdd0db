import { createFakeKis, type FakeKis } from '@kis/mock';
import { type Clock, createKisIssuer, createMemoryStorage, createTokenManager, systemClock } from '@kis/token-core';
import { request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, type KisClient, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-20T01:00:00Z');
const keys = { appKey, appSecret, environment: 'real' } as const;

/** KIS's time, which passes as the test says, and a host whose wall clock is `offMs` away from it. */
function createTimes(offMs: number): { readonly kis: Clock; readonly host: Clock; pass(ms: number): void } {
  let passedMs = 0;
  const { setTimer } = systemClock;
  const clock = (startMs: number): Clock => ({
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    setTimer,
  });
  return {
    kis: clock(START),
    host: clock(START + offMs),
    pass(ms) {
      passedMs += ms;
    },
  };
}

function createFake(clock: Clock): FakeKis {
  return createFakeKis({ clock, symbols: 10, tokenLifeMs: HOUR, sameTokenMs: 0 });
}

function startClient(fake: FakeKis, options: Partial<KisClientOptions>): KisClient {
  const client = createKisClient({ ...keys, dispatcher: fake.dispatcher, retry: false, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** Tokens by a way that never tells the time. */
function createUntimedTokens(fake: FakeKis, clock: Clock) {
  const issuer = createKisIssuer({
    ...keys,
    async fetch(url, { method, headers, body }) {
      if (method === 'GET') throw new Error('not to be had');
      const { dispatcher } = fake;
      const reply = await request(url, { method, headers, body: body ?? null, dispatcher });
      const text = await reply.body.text();
      return { status: reply.statusCode, headers: { get: () => null }, text: async () => text };
    },
  });
  const tokens = createTokenManager({ ...keys, issuer, clock });
  onTestFinished(() => tokens.close());
  return tokens;
}

const codes = (fake: FakeKis): string[] => fake.log().entries.map(({ kisCode }) => kisCode);

describe('F5: on a host that is an hour behind', () => {
  test.each([
    ['an answer', undefined],
    ['a refusal', { count: 1, kisCode: 'OPSQ2000' }],
    ['a maintenance page', { count: 1, status: 503, body: '<html></html>' }],
  ])('after %s of KIS no token is sent that has ended', async (_, failNext) => {
    const times = createTimes(-HOUR);
    const fake = createFake(times.kis);
    const tokens = createUntimedTokens(fake, times.host);
    const client = startClient(fake, { tokens });
    await tokens.getToken();
    if (failNext !== undefined) fake.control({ failNext });
    await client.getCurrentPrice('005930').catch(() => {});
    times.pass(HOUR + 1_000);
    await client.getCurrentPrice('005930');
    expect(codes(fake)).not.toContain('EGW00123');
    expect(fake.log()).toMatchObject({ tokensIssued: 2, calls: 2 });
  });

  test('a stored token that has ended is not sent at all', async () => {
    const times = createTimes(-HOUR);
    const fake = createFake(times.kis);
    const storage = createMemoryStorage();
    await startClient(fake, { storage, clock: times.kis }).getCurrentPrice('005930');
    times.pass(HOUR + 1_000);
    await startClient(fake, { storage, clock: times.host }).getCurrentPrice('005930');
    expect(codes(fake)).not.toContain('EGW00123');
    expect(fake.log()).toMatchObject({ tokenRequests: 2, calls: 2 });
  });
});

describe.each([HOUR, DAY, -DAY])('F5: on a host that is %i ms off', (offMs) => {
  test('a stored token that lives is sent, and no other asked for', async () => {
    const times = createTimes(offMs);
    const fake = createFake(times.kis);
    const storage = createMemoryStorage();
    await startClient(fake, { storage, clock: times.kis }).getCurrentPrice('005930');
    times.pass(HOUR / 4);
    await startClient(fake, { storage, clock: times.host }).getCurrentPrice('005930');
    expect(fake.log()).toMatchObject({ tokenRequests: 1, calls: 2 });
  });

  test("a chart ends today, which is KIS's", async () => {
    const times = createTimes(offMs);
    const fake = createFake(times.kis);
    const client = startClient(fake, { clock: times.host });
    const [today] = await client.getChart('005930', { period: 'day', count: 1 });
    expect(today?.date).toBe('20261120');
  });
});
