import { createRateLimiter, type RateLimiter } from '@kis/ratelimit';
import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import { createHeldClock, ok, order, read, startClient } from './harness.ts';

/** A limiter that gives its permits when it is opened. */
function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const execute: RateLimiter['execute'] = (task) => opened.then(task);
  return { rateLimiter: { ...createRateLimiter({ limit: 1 }), execute }, open };
}

describe('the network', () => {
  test('a server that says nothing is left after timeoutMs, and the call may have arrived', async () => {
    const clock = createHeldClock();
    const { client, calls } = await startClient(
      () => {
        clock.deadlines[0]?.();
        return 'silence';
      },
      { clock },
    );
    const error = await client.request(read).catch((it) => it);
    expect(error).toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true, cause: { name: 'TimeoutError' } });
    expect(error.message).toBe('KIS did not answer TEST0001: no answer in 30000 ms');
    expect(calls).toHaveLength(1);
  });

  test('time in the queue does not count as time of the call', async () => {
    const clock = createHeldClock();
    const { rateLimiter, open } = createGate();
    const { client } = await startClient(() => ok(), { rateLimiter, clock });
    const call = client.request(read);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.deadlines).toHaveLength(0);
    open();
    await call;
    expect(clock.deadlines).toHaveLength(1);
  });

  test('a port where nobody listens: nothing was sent', async () => {
    const { client } = await startClient(() => ok(), { baseUrl: 'http://127.0.0.1:1', retry: false });
    await expect(client.request(read)).rejects.toMatchObject({
      code: 'ERR_KIS_NETWORK',
      mayHaveArrived: false,
      message: 'KIS did not answer TEST0001: ECONNREFUSED',
    });
  });

  test('a dispatcher that was closed or destroyed before: nothing was sent', async () => {
    for (const end of ['close', 'destroy'] as const) {
      const dispatcher = new Agent();
      const { client, calls } = await startClient(() => ok(), { dispatcher, retry: false });
      await dispatcher[end]();
      await expect(client.request(order)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: false });
      expect(calls).toHaveLength(0);
    }
  });

  test('a dispatcher that is destroyed while a call is under way: it may have arrived', async () => {
    const dispatcher = new Agent();
    const { client, calls } = await startClient(
      () => {
        void dispatcher.destroy();
        return 'silence';
      },
      { dispatcher },
    );
    await expect(client.request(order)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true });
    expect(calls).toHaveLength(1);
  });

  test('connections are kept, and no more than asked for are made', async () => {
    const rateLimiter = createRateLimiter({ limit: 1_000 });
    const { client, calls, sockets } = await startClient(() => ok(), { rateLimiter, connections: 2 });
    await Promise.all(Array.from({ length: 50 }, () => client.request(read)));
    await client.request(read);
    expect(calls).toHaveLength(51);
    expect(sockets.size).toBe(2);
  });
});
