import { createCircuitBreaker } from '@kis/breaker';
import { createRateLimiter, type RateLimiter } from '@kis/ratelimit';
import type { TokenManager } from '@kis/token-core';
import { systemClock } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { KisClientEvent } from '../src/index.ts';
import {
  type Answer,
  type Call,
  createFakeTokens,
  fakeToken,
  ok,
  order,
  read,
  refusal,
  startClient,
  tokenOf,
} from './harness.ts';

/** Refuses the first token, with whatever is asked. */
const refusingFirstToken = (answer: Answer) => (call: Call) => (tokenOf(call) === 'token-1' ? answer : ok());

describe('a refused token', () => {
  test.each([
    ['EGW00121 with HTTP 500', refusal('EGW00121')],
    ['EGW00122 with HTTP 500', refusal('EGW00122')],
    ['EGW00123 with HTTP 500', refusal('EGW00123')],
    ['EGW00123 with HTTP 200', refusal('EGW00123', 200)],
    ['an unknown code that says the token is over', refusal('EGW09999', 500, '기간이 만료된 token 입니다.')],
    ['no code at all', { status: 500, body: { rt_cd: '1', msg1: '기간이 만료된 token 입니다.' } }],
  ])('(%s) is replaced, and the read is sent once more', async (_, answer) => {
    for (const retry of [undefined, false] as const) {
      const { client, calls, tokens } = await startClient(refusingFirstToken(answer), { retry });
      await client.request(read);
      expect(calls).toHaveLength(2);
      expect(tokens.count).toBe(2);
    }
  });

  test("twice in a row is the caller's error", async () => {
    const { client, calls } = await startClient(() => refusal('EGW00123'));
    await expect(client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00123' });
    expect(calls).toHaveLength(2);
  });

  test('is not to blame for EGW00205 or EGW00304', async () => {
    for (const kisCode of ['EGW00205', 'EGW00304']) {
      const { client, calls, tokens } = await startClient(() => refusal(kisCode));
      await expect(client.request(read)).rejects.toMatchObject({ kisCode });
      expect(calls).toHaveLength(1);
      expect(tokens.count).toBe(1);
    }
  });

  test('of an order is replaced, too, and the order sent once more: KIS did not carry it out', async () => {
    const { client, calls } = await startClient(refusingFirstToken(refusal('EGW00123')));
    await client.request(order);
    expect(calls.map(tokenOf)).toEqual(['token-1', 'token-2']);
    const refusing = await startClient(() => refusal('EGW00123'));
    await expect(refusing.client.request(order)).rejects.toMatchObject({ kisCode: 'EGW00123' });
    expect(refusing.calls).toHaveLength(2);
  });

  test('is not needed for a token to be renewed: what waited in the queue meanwhile goes out with the new one', async () => {
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const execute: RateLimiter['execute'] = async (task) => {
      await opened;
      return task();
    };
    const rateLimiter = { ...createRateLimiter({ limit: 1 }), execute };
    const { client, calls, tokens } = await startClient(() => ok(), { rateLimiter });
    const reading = client.request(read);
    tokens.invalidate(await tokens.getToken());
    open();
    await reading;
    expect(calls.map(tokenOf)).toEqual(['token-2']);
  });

  test('may end in the queue more than once: a call goes back for every other token, and holds no permit meanwhile', async () => {
    const held: number[] = [];
    let holding = 0;
    const execute: RateLimiter['execute'] = async (task) => {
      holding += 1;
      try {
        return await task();
      } finally {
        holding -= 1;
      }
    };
    const rateLimiter = { ...createRateLimiter({ limit: 1 }), execute };
    const fakes = createFakeTokens();
    const name = (n: number) => ({ value: `token-${n}-${'x'.repeat(100)}`, issuedAtMs: 0, expiresAtMs: Infinity });
    let asked = 0;
    // At hand, then over with a permit in the hand, twice; the third token stays.
    const getToken = async () => {
      asked += 1;
      const number = Math.ceil(asked / 2);
      if (asked === 2 || asked === 4) await new Promise((resolve) => setTimeout(resolve, 20));
      else held.push(holding);
      return name(number);
    };
    const { client, calls } = await startClient(() => ok(), { rateLimiter, tokens: { ...fakes, getToken } });
    await client.request(read);
    expect(calls.map(({ headers }) => headers.authorization?.slice(7, 14))).toEqual(['token-3']);
    expect(held).toEqual([0, 0, 0, 1]);
  });

  test('that ended in the queue is waited for without a permit', async () => {
    let nowMs = 0;
    let asked = 0;
    let renew = () => {};
    const renewed = new Promise<void>((resolve) => {
      renew = resolve;
    });
    const getToken = async () => {
      if (nowMs < 1_000) return { value: fakeToken(1), issuedAtMs: 0, expiresAtMs: 1_000 };
      asked += 1;
      await renewed;
      return { value: fakeToken(2), issuedAtMs: 1_000, expiresAtMs: 2_000 };
    };
    const rateLimiter = createRateLimiter({ limit: 1, windowMs: 50 });
    const { client, calls } = await startClient(() => ok(), {
      rateLimiter,
      tokens: { ...createFakeTokens(), getToken },
      clock: { ...systemClock, nowMs: () => nowMs },
    });
    await client.request(read);
    const waiting = [client.request(read), client.request(read)];
    await new Promise((resolve) => setImmediate(resolve));
    expect(rateLimiter.stats()).toMatchObject({ waiting: 2, slotsInUse: 1 });
    nowMs = 1_000;
    await vi.waitFor(() => expect(asked).toBe(2));
    expect(rateLimiter.stats()).toMatchObject({ waiting: 0, inFlight: 0, slotsInUse: 0 });
    renew();
    await Promise.all(waiting);
    expect(calls.map(tokenOf)).toEqual(['token-1', 'token-2', 'token-2']);
  });

  test("that is over by this machine's clock, and good by its manager's, is used all the same", async () => {
    const rateLimiter = createRateLimiter({ limit: 10, windowMs: 60_000 });
    let asked = 0;
    const getToken = async () => {
      asked += 1;
      if (asked > 10) throw new Error('the call goes round for ever');
      return { value: fakeToken(1), issuedAtMs: 0, expiresAtMs: 1 };
    };
    const { client, calls } = await startClient(() => ok(), {
      rateLimiter,
      tokens: { ...createFakeTokens(), getToken },
    });
    await client.request(read);
    expect([calls.length, rateLimiter.stats().granted]).toEqual([1, 1]);
  });

  test('that its manager never has at hand costs one more permit, and no call goes round for ever', async () => {
    const rateLimiter = createRateLimiter({ limit: 10, windowMs: 60_000 });
    const inner = createFakeTokens();
    const getToken: TokenManager['getToken'] = async (options) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return inner.getToken(options);
    };
    const { client, calls } = await startClient(() => ok(), { rateLimiter, tokens: { ...inner, getToken } });
    await client.request(read, {}, { signal: AbortSignal.timeout(2_000) });
    expect([calls.length, rateLimiter.stats().granted]).toEqual([1, 2]);
  });

  test('of eight calls at once is replaced once', async () => {
    const { client, calls, tokens } = await startClient(refusingFirstToken(refusal('EGW00121')));
    await Promise.all(Array.from({ length: 8 }, () => client.request(read)));
    expect(calls).toHaveLength(16);
    expect(tokens.count).toBe(2);
  });

  test('is not used by calls that waited in the queue with it, and costs them no permit', async () => {
    let last: Promise<unknown> = Promise.resolve();
    let permits = 0;
    // One call at a time, so the others stand in the queue when the first one is refused.
    const execute: RateLimiter['execute'] = (task) => {
      const run = last.then(() => {
        const begun = task();
        permits += 1;
        return begun;
      });
      last = run.catch(() => {});
      return run;
    };
    const rateLimiter = { ...createRateLimiter({ limit: 1 }), execute };
    const inner = createFakeTokens();
    let renewed: Promise<void> | undefined;
    const getToken: TokenManager['getToken'] = async (options) => {
      renewed ??= inner.count === 2 ? new Promise((resolve) => setTimeout(resolve, 20)) : undefined;
      await renewed;
      return inner.getToken(options);
    };
    const { client, calls } = await startClient(refusingFirstToken(refusal('EGW00123')), {
      rateLimiter,
      tokens: { ...inner, getToken },
    });
    await Promise.all(Array.from({ length: 4 }, () => client.request(read)));
    expect(calls.map(tokenOf)).toEqual(['token-1', ...Array.from({ length: 4 }, () => 'token-2')]);
    expect(permits).toBe(5);
  });
});

describe('a read', () => {
  test.each([
    ['EGW00001', refusal('EGW00001')],
    ['EGW00316', refusal('EGW00316')],
    ['OPSQ1002', refusal('OPSQ1002', 200)],
    ['a code that tells orders to look it up', refusal('EGW00301')],
    ['a maintenance page', { status: 503, body: '<html></html>' }],
    ['a connection that closes', 'cut'],
  ] as const)('that failed by %s is sent again, three times at most', async (_, answer) => {
    const healed = await startClient((_, n) => (n === 1 ? answer : ok()));
    await healed.client.request(read);
    expect(healed.calls).toHaveLength(2);
    const { client, calls } = await startClient(() => answer);
    await expect(client.request(read)).rejects.toThrow();
    expect(calls).toHaveLength(4);
  });

  test('alone does not open the breaker', async () => {
    const breaker = createCircuitBreaker();
    const { client } = await startClient(() => 'cut', { breaker });
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK' });
    expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 4 });
  });

  test('is sent again as often as `retry` says, and not when it says 0 or false', async () => {
    for (const [retry, times] of [
      [{ retries: 2, backoffMs: 0 }, 3],
      [{ retries: 0 }, 1],
      [false, 1],
    ] as const) {
      const { client, calls } = await startClient(() => refusal('EGW00001'), { retry });
      await client.request(read).catch(() => {});
      expect(calls).toHaveLength(times);
    }
  });

  test('that KIS refuses for good is not sent again', async () => {
    for (const kisCode of ['OPSQ2001', 'OPSQ0002', 'MCA05918', 'EGW00103', 'EGW00133', 'KIER2620', 'EGW12345']) {
      const { client, calls } = await startClient(() => refusal(kisCode, 200));
      await client.request(read).catch(() => {});
      expect(calls).toHaveLength(1);
    }
  });

  test('is not sent again while the breaker is open, nor when its place in the queue is lost', async () => {
    const breaker = createCircuitBreaker({ failureThreshold: 1 });
    const opened = await startClient(() => refusal('EGW00001'), { breaker });
    await expect(opened.client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00001' });
    expect(opened.calls).toHaveLength(1);

    const rateLimiter = createRateLimiter({ limit: 1, windowMs: 60_000 });
    const full = await startClient(() => refusal('EGW00001'), { rateLimiter });
    await expect(full.client.request(read)).rejects.toMatchObject({ code: 'ERR_RATE_LIMIT', reason: 'timeout' });
    expect(full.calls).toHaveLength(1);
  });

  test('takes a permit for every time that it is sent, as a repeat from the second one on', async () => {
    const inner = createRateLimiter({ limit: 100 });
    const repeats: unknown[] = [];
    const execute: RateLimiter['execute'] = (task, options) => {
      repeats.push(options?.isRepeat);
      return inner.execute(task, options);
    };
    const rateLimiter = { ...inner, execute };
    const { client } = await startClient((_, n) => (n <= 3 ? refusal('EGW00001') : ok()), { rateLimiter });
    await client.request(read);
    expect(repeats).toEqual([false, true, true, true]);
    expect(rateLimiter.stats().granted).toBe(4);
  });

  test('tells of each repeat, after a random part of a pause that doubles', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const events: KisClientEvent[] = [];
    const { client } = await startClient((_, n) => (n <= 3 ? refusal('EGW00001') : ok()), {
      retry: { backoffMs: 4 },
      onEvent: (event) => events.push(event),
    });
    await client.request(read);
    expect(events).toMatchObject(
      [2, 4, 8].map((waitMs, n) => ({ type: 'retry', trId: 'TEST0001', attempt: n + 1, waitMs })),
    );
  });
});

describe('an order', () => {
  test.each([
    ['EGW00301', refusal('EGW00301')],
    ['EGW00001', refusal('EGW00001')],
    ['a 5xx without a code', { status: 500, body: { rt_cd: '1' } }],
    ['a maintenance page', { status: 503, body: '' }],
    ['a connection that closes after the server has read it', 'cut'],
  ] as const)('that failed by %s is not sent again, and the error says that it may have arrived', async (_, answer) => {
    const { client, calls } = await startClient(() => answer);
    await expect(client.request(order)).rejects.toMatchObject({ mayHaveArrived: true });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['a business refusal', refusal('APBK0952', 200)],
    ['a bad parameter', refusal('OPSQ2001', 200)],
    ['a refusal without a code, with HTTP 200', { body: { rt_cd: '1', msg1: 'refused' } }],
  ] as const)('that ended by %s did not arrive, and is not sent again', async (_, answer) => {
    const { client, calls } = await startClient(() => answer);
    await expect(client.request(order)).rejects.toMatchObject({ mayHaveArrived: false });
    expect(calls).toHaveLength(1);
  });

  test('that did not leave is tried again', async () => {
    const attempts: number[] = [];
    const { client } = await startClient(() => ok(), {
      baseUrl: 'http://127.0.0.1:1',
      retry: { retries: 2, backoffMs: 0 },
      onEvent: (event) => event.type === 'retry' && attempts.push(event.attempt),
    });
    await expect(client.request(order)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: false });
    expect(attempts).toEqual([1, 2]);
  });
});
