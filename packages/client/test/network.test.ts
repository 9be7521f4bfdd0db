import { createRateLimiter, type RateLimiter } from '@kis/ratelimit';
import { describe, expect, test } from 'vitest';
import { createHeldClock, ok, read, startClient } from './harness.ts';

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

  test('connections are kept, and no more than asked for are made', async () => {
    const rateLimiter = createRateLimiter({ limit: 1_000 });
    const { client, calls, sockets } = await startClient(() => ok(), { rateLimiter, connections: 2 });
    await Promise.all(Array.from({ length: 50 }, () => client.request(read)));
    await client.request(read);
    expect(calls).toHaveLength(51);
    expect(sockets.size).toBe(2);
  });
});

describe('an abort', () => {
  const reason = new Error('the user left');

  test('before the call: nothing is sent', async () => {
    const { client, calls } = await startClient(() => ok());
    await expect(client.getCurrentPrice('005930', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls).toHaveLength(0);
  });

  test('in the queue', async () => {
    const rateLimiter = createRateLimiter({ limit: 1, windowMs: 60_000 });
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
});

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

  test('leaves what the client was given', async () => {
    const rateLimiter = createRateLimiter({ limit: 1 });
    const { client } = await startClient(() => ok(), { rateLimiter });
    await client[Symbol.asyncDispose]();
    await expect(rateLimiter.execute(async () => 'open')).resolves.toBe('open');
  });
});
