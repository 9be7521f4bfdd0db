import { getEventListeners } from 'node:events';
import { createFakeKis } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { systemClock } from '@kis/token-core';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, type KisClient } from '../src/index.ts';
import { appKey, appSecret, ok, order, read, refusal, startClient } from './harness.ts';

describe('an abort', () => {
  const reason = new Error('the user left');

  test('before the call: nothing is sent', async () => {
    const { client, calls } = await startClient(() => ok());
    await expect(client.getCurrentPrice('005930', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls).toHaveLength(0);
  });

  test('at any moment on the way to the socket: nothing leaves after it, and the reason comes at once', async () => {
    const left: { readonly afterAbort: boolean }[] = [];
    let controller = new AbortController();
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    const dispatcher = agent.compose((dispatch) => (options, handler) => {
      left.push({ afterAbort: controller.signal.aborted });
      return dispatch(options, handler);
    });
    const rateLimiter = createRateLimiter({ limit: 1_000 });
    const { client } = await startClient(() => 'silence', { dispatcher, rateLimiter, timeoutMs: 5_000 });
    const beganMs = performance.now();
    for (let ticks = 0; ticks <= 80; ticks += 1) {
      controller = new AbortController();
      const call = client.request(order, {}, { signal: controller.signal }).catch((it) => it);
      for (let tick = 0; tick < ticks; tick += 1) await undefined;
      controller.abort(reason);
      expect(await call).toBe(reason);
    }
    expect(performance.now() - beganMs).toBeLessThan(4_000);
    expect(left.filter(({ afterAbort }) => afterAbort)).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(80);
  });

  test('while it waits for a connection', async () => {
    const controller = new AbortController();
    let asked = () => {};
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { client, calls } = await startClient(
      () => {
        asked();
        return 'silence';
      },
      { connections: 1, timeoutMs: 1_000 },
    );
    const first = client.request(read).catch(() => 'its connection is free');
    await arrived;
    const second = client.request(read, {}, { signal: controller.signal }).catch((it) => it);
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort(reason);
    expect(await Promise.race([first, second])).toBe(reason);
    await first;
    expect(calls).toHaveLength(1);
  });

  test('in the queue', async () => {
    const rateLimiter = createRateLimiter({ limit: 1, windowMs: 60_000, queueTimeoutMs: 120_000 });
    const { client, calls } = await startClient(() => ok(), { rateLimiter });
    await client.request(read);
    const controller = new AbortController();
    const call = client.request(read, {}, { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(call).rejects.toBe(reason);
    expect(calls).toHaveLength(1);
  });

  test('under way', async () => {
    const controller = new AbortController();
    const { client } = await startClient(() => {
      controller.abort(reason);
      return 'silence';
    });
    await expect(client.request(read, {}, { signal: controller.signal })).rejects.toBe(reason);
  });

  test('in the pause before a repeat', async () => {
    const controller = new AbortController();
    const { client, calls } = await startClient(() => 'cut', {
      retry: { backoffMs: 60_000 },
      onEvent: (event) => event.type === 'retry' && setImmediate(() => controller.abort(reason)),
    });
    await expect(client.request(read, {}, { signal: controller.signal })).rejects.toBe(reason);
    expect(calls).toHaveLength(1);
  });

  test('of one caller leaves the others alone', async () => {
    const controller = new AbortController();
    const { client } = await startClient(async (_, n) => {
      if (n === 1) controller.abort(reason);
      return ok();
    });
    const first = client.request(read, {}, { signal: controller.signal });
    const others = Array.from({ length: 5 }, () => client.request(read));
    await expect(first).rejects.toBe(reason);
    await Promise.all(others);
  });

  test('does not have to come: a signal for fifty calls at once raises no warning, and no listener is left on it', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { signal } = new AbortController();
    let most = 0;
    const inner = createRateLimiter({ limit: 1_000 });
    const { client, calls } = await startClient(
      (_, n) => {
        most = Math.max(most, getEventListeners(signal, 'abort').length);
        return n <= 10 ? refusal('EGW00001') : ok();
      },
      {
        // This one does not listen, so every listener is the client's own.
        rateLimiter: { ...inner, execute: (task) => inner.execute(task) },
        breaker: { failureThreshold: 100 },
        retry: { backoffMs: 20 },
      },
    );
    await Promise.all(Array.from({ length: 50 }, () => client.request(read, {}, { signal })));
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toHaveLength(60);
    expect(most).toBeGreaterThan(10);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(warnings).toEqual([]);
  });

  const minutes = (client: KisClient, signal: AbortSignal) =>
    client.getChart('005930', { period: '1m', count: 200, signal });
  const info = (client: KisClient, signal: AbortSignal) => client.getStockInfo('005930', { signal });
  const days = (client: KisClient, signal: AbortSignal) =>
    client.getChart('005930', { period: 'day', count: 200, signal });

  test.each([
    ['real', 'a chart of minutes', minutes, 3],
    ['virtual', 'a chart of minutes', minutes, 7],
    ['real', 'a chart of days', days, 2],
    ['real', 'what a stock is', info, 1],
    ['virtual', 'what a stock is', info, 2],
  ] as const)('on the %s host in any call of %s: none leaves after it', async (environment, _, ask, calls) => {
    const clock = { ...systemClock, nowMs: () => Date.parse('2026-11-20T14:00:00+09:00') };
    for (let last = 1; last <= calls; last += 1) {
      const fake = createFakeKis({ environment, clock, symbols: 10, limit: 1_000 });
      const controller = new AbortController();
      let begun = 0;
      const client = createKisClient({
        appKey,
        appSecret,
        environment,
        clock,
        dispatcher: fake.dispatcher,
        rateLimiter: createRateLimiter({ limit: 1_000 }),
        use: [
          (next) => (request) => {
            begun += 1;
            if (begun === last) controller.abort(reason);
            return next(request);
          },
        ],
      });
      onTestFinished(() => client.close());
      expect(await ask(client, controller.signal).catch((it) => it)).toBe(reason);
      expect([begun, fake.log().calls]).toEqual([last, last - 1]);
    }
  });

  test("of a signal that is not Node's own is heard, too", async () => {
    const target = new Set<() => void>();
    const foreign = {
      aborted: false,
      reason: undefined as unknown,
      throwIfAborted() {},
      addEventListener: (_: string, run: () => void) => void target.add(run),
      removeEventListener: (_: string, run: () => void) => void target.delete(run),
    };
    const { client } = await startClient(() => {
      Object.assign(foreign, { aborted: true, reason });
      for (const run of target) run();
      return 'silence';
    });
    const signal = foreign as unknown as AbortSignal;
    await expect(client.request(read, {}, { signal })).rejects.toBe(reason);
    expect(target.size).toBe(0);
  });
});
