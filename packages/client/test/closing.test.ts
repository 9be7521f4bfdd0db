import { getEventListeners } from 'node:events';
import { createRateLimiter } from '@kis/ratelimit';
import { type Clock, systemClock } from '@kis/token-core';
import { Agent, Pool } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createKisClient, type KisClientEvent } from '../src/index.ts';
import { appKey, appSecret, createFakeTokens, ok, order, read, startClient } from './harness.ts';

describe('closing', () => {
  test('lets calls under way end, rejects those that wait and those that come later', async () => {
    let answer = () => {};
    let asked = () => {};
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const rateLimiterOfItsOwn = { environment: 'virtual' } as const;
    const { client } = await startClient(async () => {
      asked();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return ok({ output: 'in time' });
    }, rateLimiterOfItsOwn);
    const running = client.request(read);
    await arrived;
    const waiting = client.request(read);
    const closed = client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_RATE_LIMIT', reason: 'closed' });
    await expect(client.request(read)).rejects.toThrow('The client is closed');
    answer();
    expect((await running).body.output).toBe('in time');
    await closed;
    expect(client.close()).toBe(closed);
  });

  test('sends nothing afterwards, not even what waited for its token with a permit', async () => {
    const tokens = createFakeTokens();
    const token = await tokens.getToken();
    // Never at hand, so the second round waits for it inside the permit.
    const getToken = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return token;
    };
    const dispatcher = new Agent();
    onTestFinished(() => dispatcher.close());
    const { client, calls } = await startClient(() => ok(), { dispatcher, tokens: { ...tokens, getToken } });
    const waiting = expect(client.request(read)).rejects.toMatchObject({ mayHaveArrived: false });
    await new Promise((resolve) => setTimeout(resolve, 120));
    await client.close();
    await waiting;
    expect(calls).toHaveLength(0);
  });

  test('leaves what the client was given', async () => {
    const rateLimiter = createRateLimiter({ limit: 1 });
    const { client } = await startClient(() => ok(), { rateLimiter });
    await client[Symbol.asyncDispose]();
    await expect(rateLimiter.execute(async () => 'open')).resolves.toBe('open');
  });

  test('a call that waits in a limiter that was given is not sent when its slot comes, and leaves it unused', async () => {
    const events: KisClientEvent[] = [];
    const rateLimiter = createRateLimiter({ limit: 1, windowMs: 100 });
    const { client, calls } = await startClient(() => ok(), {
      rateLimiter,
      onEvent: (event) => events.push(event),
    });
    await client.request(read);
    const waiting = client.request(order);
    await client.close();
    await expect(waiting).rejects.toMatchObject({
      code: 'ERR_KIS_NETWORK',
      message: 'The client is closed',
      mayHaveArrived: false,
    });
    expect(calls).toHaveLength(1);
    expect(rateLimiter.stats()).toMatchObject({ granted: 1, slotsInUse: 0 });
    expect(events).toEqual([]);
  });

  test('a call in the pause before a repeat is not sent again', async () => {
    const repeats: KisClientEvent[] = [];
    const { client, calls } = await startClient(() => 'cut', {
      retry: { backoffMs: 20 },
      onEvent(event) {
        if (event.type === 'retry') repeats.push(event);
        void client.close();
      },
    });
    await expect(client.request(read)).rejects.toMatchObject({
      message: 'The client is closed',
      mayHaveArrived: false,
    });
    expect([calls.length, repeats.length]).toEqual([1, 1]);
  });

  test('wakes a call in the pause before a repeat, and leaves no timer of it', async () => {
    const timers = new Set<object>();
    const clock: Clock = {
      ...systemClock,
      setTimer(ms, run) {
        const timer = {};
        timers.add(timer);
        const cancel = systemClock.setTimer(ms, run);
        return () => {
          timers.delete(timer);
          cancel();
        };
      },
    };
    let tell = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { client } = await startClient(() => ({ status: 503, body: '', headers: { 'retry-after': '30' } }), {
      clock,
      rateLimiter: createRateLimiter({ limit: 1 }),
      onEvent: ({ type }) => type === 'retry' && tell(),
    });
    const { signal } = new AbortController();
    const waiting = client.request(read, {}, { signal }).catch((error) => error);
    await told;
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers.size).toBe(1);
    await client.close();
    expect(await waiting).toMatchObject({ message: 'The client is closed', mayHaveArrived: false });
    expect(timers.size).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('closes the connections even if the token manager cannot be closed', async () => {
    const close = vi.spyOn(Pool.prototype, 'close');
    onTestFinished(() => close.mockRestore());
    const client = createKisClient({ appKey, appSecret, environment: 'real' });
    const failure = new Error('of the storage');
    vi.spyOn(client.tokens, 'close').mockRejectedValue(failure);
    await expect(client.close()).rejects.toBe(failure);
    expect(close).toHaveBeenCalled();
  });
});
