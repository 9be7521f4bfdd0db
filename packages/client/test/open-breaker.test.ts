import { createCircuitBreaker } from '@kis/breaker';
import { type Clock, systemClock } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import type { KisClientEvent, Middleware } from '../src/index.ts';
import { ok, order, read, refusal, startClient } from './harness.ts';

const repeatsOf = (events: readonly KisClientEvent[]) => events.filter(({ type }) => type === 'retry');

describe('a call whose repeat the breaker would turn away', () => {
  test('rejects with what KIS said; nothing is told of a repeat', async () => {
    const events: KisClientEvent[] = [];
    const { client, calls } = await startClient(() => refusal('EGW00001'), {
      breaker: { failureThreshold: 2 },
      onEvent: (event) => events.push(event),
    });
    await expect(client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00001' });
    expect([calls.length, repeatsOf(events).length]).toEqual([2, 1]);
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
  });

  test('costs nothing of the ten repeats of all calls', async () => {
    let isCounting = true;
    const breaker = createCircuitBreaker({ failureThreshold: 1, isFailure: () => isCounting });
    const { client, calls } = await startClient(() => refusal('EGW00001'), {
      breaker,
      retry: { retries: 100, backoffMs: 0 },
    });
    for (let n = 0; n < 20; n += 1) {
      await client.request(read).catch(() => {});
      breaker.reset();
    }
    expect(calls).toHaveLength(20);
    isCounting = false;
    await expect(client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00001' });
    expect(calls).toHaveLength(20 + 11);
  });

  test('rejects with what the network said where the breaker opens in its pause', async () => {
    const breaker = createCircuitBreaker();
    const { client, calls } = await startClient(() => 'cut', {
      breaker,
      onEvent: ({ type }) => type === 'retry' && breaker.open(),
    });
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true });
    expect(calls).toHaveLength(1);
  });

  test("is one call with what a layer of one's own asks once more", async () => {
    const twice: Middleware = (next) => (request) => next(request).catch(() => next({ ...request }));
    const { client, calls } = await startClient(() => refusal('EGW00301'), {
      use: [twice],
      breaker: { failureThreshold: 1 },
    });
    await expect(client.request(order)).rejects.toMatchObject({ kisCode: 'EGW00301', mayHaveArrived: true });
    expect(calls).toHaveLength(1);
  });

  test('is sent again where the breaker rests no longer than the pause', async () => {
    let nowMs = 0;
    const breaker = createCircuitBreaker({ failureThreshold: 1, openMs: 7_000, clock: { monotonicMs: () => nowMs } });
    const clock: Clock = {
      ...systemClock,
      setTimer(ms, run) {
        if (ms !== 7_000) return systemClock.setTimer(ms, run);
        nowMs += ms;
        return systemClock.setTimer(0, run);
      },
    };
    const page = { status: 503, body: '', headers: { 'retry-after': '7' } };
    const { client, calls } = await startClient((_, n) => (n === 1 ? page : ok()), { breaker, clock });
    await client.request(read);
    expect(calls).toHaveLength(2);
  });
});
