import { createCircuitBreaker } from '@kis/breaker';
import { createRateLimiter, type ExecuteOptions, type RateLimiter } from '@kis/ratelimit';
import { describe, expect, test } from 'vitest';
import type { KisClientEvent, KisClientOptions } from '../src/index.ts';
import { ok, read, startClient } from './harness.ts';
import { balance, buy, outcomes, price, startTimeline, times } from './timeline.ts';

const forever = 1_000_000;
/** A call that KIS cannot carry out for the moment. */
const failure = { count: forever, path: 'inquire-price', kisCode: 'EGW00001' };

const states = (events: readonly KisClientEvent[]) =>
  events.flatMap((event) => (event.type === 'breaker' ? [event.event.state] : []));

/** The most calls that were judged in any 999 ms. */
function mostInASecond(atMs: readonly number[]): number {
  return Math.max(...atMs.map((fromMs) => atMs.filter((ms) => ms >= fromMs && ms < fromMs + 999).length));
}

describe('the rate limiter of the client', () => {
  test.each<[string, Partial<KisClientOptions>, number]>([
    ['18 calls a second', {}, 18],
    ['one a second on the virtual host', { environment: 'virtual' }, 1],
    ['what its settings say', { rateLimiter: { limit: 5 } }, 5],
  ])('lets out %s', async (_, options, most) => {
    const { environment } = options;
    const { fake, client, play } = startTimeline({ environment, limit: 1_000 }, options);
    await play(Promise.all(times(most + 5, () => price(client))));
    const entries = fake.log().entries.filter(({ path }) => path.startsWith('/uapi/'));
    expect(mostInASecond(entries.map(({ atMs }) => atMs))).toBe(most);
  });

  test('rejects what cannot have its turn within 30 s, and at once', async () => {
    const { fake, client, play } = startTimeline({ environment: 'virtual' }, { environment: 'virtual' });
    await play(client.tokens.getToken());
    const reading = times(60, () => price(client));
    const all = outcomes(reading);
    await expect(reading.at(-1)).rejects.toMatchObject({ code: 'ERR_RATE_LIMIT', reason: 'timeout' });
    expect(fake.log().calls).toBeLessThanOrEqual(1);
    const { ok, errors } = await play(all);
    expect(ok).toBeGreaterThanOrEqual(25);
    expect(ok).toBeLessThanOrEqual(31);
    expect(new Set(errors.map(({ reason }) => reason))).toEqual(new Set(['timeout']));
  });

  test('has a queue as short as `maxQueue` says', async () => {
    const { client, play } = startTimeline({}, { rateLimiter: { limit: 1, maxQueue: 2 } });
    await play(client.tokens.getToken());
    const { ok, errors } = await play(outcomes(times(5, () => price(client))));
    expect([ok, errors]).toMatchObject([3, [{ reason: 'queue-full' }, { reason: 'queue-full' }]]);
  });

  test('keeps its limit whatever is refused when `adaptive` is false', async () => {
    const { fake, client, events, play } = startTimeline({}, { rateLimiter: { adaptive: false } });
    await play(client.tokens.getToken());
    fake.control({ failNext: { count: 3, path: 'inquire-price', kisCode: 'EGW00201' } });
    await play(Promise.all(times(30, () => price(client))));
    const told = events.flatMap((event) => (event.type === 'rate-limit' ? [event.event.type] : []));
    expect(told).toEqual(['pause']);
  });

  test('has no more calls under way than there are connections', async () => {
    const { fake, client, play, pass } = startTimeline(
      { limit: 1_000 },
      { rateLimiter: { limit: 1_000 }, connections: 3 },
    );
    await play(client.tokens.getToken());
    const reading = Promise.all(times(9, () => price(client)));
    for (const calls of [3, 6, 9]) {
      await pass(40);
      expect(fake.log().calls).toBe(calls);
    }
    await play(reading);
  });
});

describe('the queue', () => {
  test('has orders first, then reads of the account, then quotes', async () => {
    const { fake, client, play } = startTimeline({}, { rateLimiter: { limit: 1 } });
    await play(price(client));
    fake.control({ clearLog: true });
    await play(Promise.all([price(client), price(client), balance(client), buy(client), buy(client)]));
    const names = fake.log().entries.map(({ path }) => path.split('/').at(-1));
    expect(names).toEqual(['order-cash', 'order-cash', 'inquire-balance', 'inquire-price', 'inquire-price']);
  });

  test('of a limiter that was given is told how a call stands in it', async () => {
    const told: (ExecuteOptions | undefined)[] = [];
    const inner = createRateLimiter({ limit: 100 });
    const execute: RateLimiter['execute'] = (task, options) => {
      told.push(options);
      return inner.execute(task, options);
    };
    const { client } = await startClient(() => ok(), { rateLimiter: { ...inner, execute } });
    const { signal } = new AbortController();
    const path = '/uapi/overseas-stock/v1/trading/order';
    await client.request(read, {}, { signal });
    await client.request({ method: 'GET', path, trId: 'T1' }, {}, { signal });
    await client.request({ method: 'POST', path, trId: 'T2' }, {}, { signal });
    await client.request({ method: 'POST', path: '/uapi/hashkey', trId: 'T3' }, {}, { signal });
    expect(told).toEqual(
      ['quote', 'account', 'order', 'quote'].map((priority) => ({ signal, priority, isRepeat: false })),
    );
  });
});

describe('the breaker of the client', () => {
  test.each<[string, KisClientOptions['breaker'], number, number]>([
    ['by itself', undefined, 5, 60_000],
    ['by its settings', { failureThreshold: 2, openMs: 7_000 }, 2, 7_000],
  ])('(%s) opens after so many failures, and for so long', async (_, breaker, failures, openMs) => {
    const { fake, client, events, play, pass } = startTimeline({}, { breaker, retry: false });
    fake.control({ failNext: failure });
    for (let n = 0; n < 9; n += 1) await play(price(client).catch(() => {}));
    expect(fake.log().calls).toBe(failures);
    await pass(openMs - 100);
    await play(price(client).catch(() => {}));
    expect([fake.log().calls, states(events)]).toEqual([failures, ['OPEN']]);
    fake.control({ failNext: { ...failure, count: 0 } });
    await pass(100);
    await play(price(client));
    expect([fake.log().calls, states(events)]).toEqual([failures + 1, ['OPEN', 'HALF_OPEN', 'CLOSED']]);
  });

  test('gives a probe up after `probeTimeoutMs`', async () => {
    const settings = { failureThreshold: 1, openMs: 1_000, probeTimeoutMs: 2_000 };
    const { fake, client, play, pass } = startTimeline({}, { breaker: settings, retry: false });
    await play(client.tokens.getToken());
    fake.control({ failNext: { ...failure, count: 1 } });
    await play(price(client).catch(() => {}));
    await pass(1_000);
    fake.control({ latencyMs: 20_000 });
    const probe = price(client).catch(() => {});
    await pass(2_900);
    await expect(price(client)).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    fake.control({ latencyMs: 40 });
    await pass(100);
    await play(price(client));
    await play(probe);
  });

  test.each([
    [200, 1],
    [302, 0],
    [400, 0],
    [404, 0],
    [503, 1],
  ])('takes a page with HTTP %i for %i failures: what a wrong call brings counts neither way', async (status, more) => {
    const breaker = createCircuitBreaker();
    const answers = ['cut', { status, body: '<html></html>' }] as const;
    const { client } = await startClient((_, n) => answers[n - 1] ?? ok(), { breaker, retry: false });
    await client.request(read).catch(() => {});
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', status });
    expect(breaker.stats().failures).toBe(1 + more);
  });

  test('is not opened by what is refused for its rate or its token, nor by an abort: one that was given, too', async () => {
    for (const breaker of [undefined, createCircuitBreaker({ failureThreshold: 1 })]) {
      const { fake, client, play } = startTimeline({}, { breaker: breaker ?? { failureThreshold: 1 } });
      await play(client.tokens.getToken());
      fake.control({ failNext: { count: 3, path: 'inquire-price', kisCode: 'EGW00201' } });
      await play(price(client));
      fake.control({ killToken: 'fresh', sameTokenMs: 0 });
      await play(price(client));
      const reading = price(client).catch((it) => it);
      expect(await play(reading)).toMatchObject({ stockCode: '005930' });
      const controller = new AbortController();
      const reason = new DOMException('the user is in a hurry', 'TimeoutError');
      const aborted = client.getCurrentPrice('005930', { signal: controller.signal }).catch((it) => it);
      await play(new Promise<void>((resolve) => setImmediate(resolve)));
      controller.abort(reason);
      expect(await aborted).toBe(reason);
      await play(price(client));
    }
  });
});
