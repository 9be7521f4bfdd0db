import { createRateLimiter, type RateLimiter } from '@kis/ratelimit';
import { describe, expect, test } from 'vitest';
import type { KisClientEvent, Middleware } from '../src/index.ts';
import { ok, read, refusal, startClient, tokenOf } from './harness.ts';

/** A layer that asks three times whatever happens, with a copy of the request or with the request itself. */
const stubborn =
  (copy: boolean): Middleware =>
  (next) =>
  async (request) => {
    for (let round = 1; ; round += 1) {
      try {
        return await next(copy ? { ...request, params: { ...request.params, ROUND: String(round) } } : request);
      } catch (error) {
        if (round === 3) throw error;
      }
    }
  };

describe("a layer of one's own that asks three times", () => {
  test.each([
    ['a copy of the request', true],
    ['the request itself', false],
  ])('(%s) costs one attempt for each time but the first: 6, not 12', async (_, copy) => {
    const { client, calls } = await startClient(() => refusal('EGW00001'), {
      use: [stubborn(copy)],
      breaker: { failureThreshold: 100 },
    });
    await expect(client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00001' });
    expect(calls).toHaveLength(6);
  });

  test('is one call, whose attempts are counted together', async () => {
    const attempts: number[] = [];
    const repeats: unknown[] = [];
    const inner = createRateLimiter({ limit: 100 });
    const execute: RateLimiter['execute'] = (task, options) => {
      repeats.push(options?.isRepeat);
      return inner.execute(task, options);
    };
    const { client } = await startClient((_, n) => refusal(n === 5 ? 'EGW00123' : 'EGW00001'), {
      use: [stubborn(true)],
      rateLimiter: { ...inner, execute },
      breaker: { failureThreshold: 100 },
      onEvent: (event: KisClientEvent) => event.type === 'retry' && attempts.push(event.attempt),
    });
    await expect(client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00001' });
    // Three times after failures that pass, and once after a refused token.
    expect(attempts).toEqual([1, 2, 3, 5]);
    expect(repeats).toEqual([false, true, true, true, true, true, true]);
  });

  test('has a refused token replaced once', async () => {
    const { client, calls } = await startClient(() => refusal('EGW00123'), { use: [stubborn(true)] });
    await expect(client.request(read)).rejects.toMatchObject({ kisCode: 'EGW00123' });
    expect(calls.map(tokenOf)).toEqual(['token-1', 'token-2', 'token-3', 'token-4']);
  });

  test('does not take from another call what that may be sent again', async () => {
    const { client, calls } = await startClient((_, n) => (n % 4 === 0 ? ok() : refusal('EGW00001')), {
      breaker: { failureThreshold: 100 },
    });
    await client.request(read);
    await client.request(read);
    expect(calls).toHaveLength(8);
  });
});
