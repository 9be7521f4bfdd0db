import { createCircuitBreaker } from '@kis/breaker';
import type { FailNext } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { describe, expect, test, vi } from 'vitest';
import type { KisRequest, Middleware } from '../src/index.ts';
import { createFakeTokens, ok, read, refusal, startClient } from './harness.ts';
import { price, startTimeline } from './timeline.ts';

describe("layers of one's own", () => {
  test('stand above all others, the first one outermost', async () => {
    const seen: string[] = [];
    const named =
      (name: string): Middleware =>
      (next) =>
      async (request) => {
        seen.push(`${name} asks`);
        const reply = await next(request);
        seen.push(`${name} hears`);
        return reply;
      };
    const { client, calls } = await startClient((_, n) => (n === 1 ? refusal('EGW00001') : ok()), {
      use: [named('outer'), named('inner')],
    });
    await client.request(read);
    expect(seen).toEqual(['outer asks', 'inner asks', 'inner hears', 'outer hears']);
    expect(calls).toHaveLength(2);
  });

  test('may change a request, answer it themselves, and see refusals as rejections', async () => {
    const change: Middleware = (next) => (request) => next({ ...request, params: { ...request.params, ADDED: 'yes' } });
    const refusals: unknown[] = [];
    const watch: Middleware = (next) => (request) =>
      next(request).catch((error) => {
        refusals.push(error.kisCode);
        throw error;
      });
    const { client, calls } = await startClient(() => refusal('MCA05918', 200), { use: [watch, change] });
    await expect(client.request(read, { A: 'b' })).rejects.toMatchObject({ kisCode: 'MCA05918' });
    expect(calls[0]?.query).toEqual({ A: 'b', ADDED: 'yes' });
    expect(refusals).toEqual(['MCA05918']);

    const answer: Middleware =
      () =>
      async ({ trId }) => ({ trId, status: 200, trCont: '', dateMs: 0, body: { output: 1 } });
    const cached = await startClient(() => 'cut', { use: [answer] });
    expect((await cached.client.request(read)).body).toEqual({ output: 1 });
    expect(cached.calls).toHaveLength(0);
  });

  test('see neither key nor secret nor token', async () => {
    const requests: KisRequest[] = [];
    const watch: Middleware = (next) => (request) => {
      requests.push(request);
      return next(request);
    };
    const { client } = await startClient(() => ok(), { use: [watch] });
    await client.request(read, { A: 'b' });
    expect(Object.keys(requests[0] ?? {}).sort()).toEqual([
      'attempt',
      'method',
      'params',
      'path',
      'signal',
      'trCont',
      'trId',
    ]);
  });
});

describe('the circuit breaker', () => {
  test.each<[string, Omit<FailNext, 'count'>, boolean]>([
    ['a connection that closes', { cut: 'after' }, true],
    ['a 5xx without a code', { status: 502, body: '' }, true],
    ['a 5xx that lacks msg_cd', { status: 500, body: { rt_cd: '1' } }, true],
    ['a page with HTTP 200', { status: 200, body: '<html></html>' }, true],
    ['a passing error with a code', { kisCode: 'EGW00001' }, true],
    ['EGW00201', { kisCode: 'EGW00201' }, false],
    ['EGW00215', { kisCode: 'EGW00215' }, false],
    ['EGW00123', { kisCode: 'EGW00123' }, false],
    ['a business refusal', { kisCode: 'APBK0952' }, false],
    ['an input refusal', { kisCode: 'OPSQ2001' }, false],
    ['a 4xx that lacks msg_cd', { status: 400, body: { rt_cd: '1' } }, false],
  ])('B3: counts: %s', async (_, failNext, counts) => {
    // Of its own, and one that was given and counts all that is no `AbortError`.
    for (const breaker of [undefined, createCircuitBreaker()]) {
      const { fake, client, play } = startTimeline({}, { retry: false, breaker, tokens: createFakeTokens() });
      fake.control({ failNext: { count: 10, ...failNext } });
      for (let n = 0; n < 6; n += 1) await play(price(client).catch(() => {}));
      expect(fake.log().calls).toBe(counts ? 5 : failNext.kisCode === 'EGW00123' ? 12 : 6);
    }
  });

  test('B3: does not count a time limit of the caller, and counts one of the client', async () => {
    for (const [signal, timeoutMs, state] of [
      [() => AbortSignal.timeout(20), 30_000, 'CLOSED'],
      [() => undefined, 20, 'OPEN'],
    ] as const) {
      const states: string[] = ['CLOSED'];
      const { client } = await startClient(() => 'silence', {
        retry: false,
        timeoutMs,
        onEvent: (event) => event.type === 'breaker' && states.push(event.event.state),
      });
      await Promise.allSettled(Array.from({ length: 6 }, () => client.request(read, {}, { signal: signal() })));
      expect(states.at(-1)).toBe(state);
    }
  });

  test('that opens while calls wait in the queue stops them, and their permits stay unused', async () => {
    const breaker = createCircuitBreaker();
    const rateLimiter = createRateLimiter({ limit: 1, windowMs: 60 });
    const { client, calls } = await startClient(() => ok(), { breaker, rateLimiter });
    await client.request(read);
    const waiting = [client.request(read), client.request(read)];
    const settled = Promise.allSettled(waiting);
    breaker.open();
    for (const it of await settled) expect(it).toMatchObject({ reason: { code: 'ERR_CIRCUIT_OPEN' } });
    expect(calls).toHaveLength(1);
    expect(rateLimiter.stats()).toMatchObject({ granted: 1, slotsInUse: 0 });
  });

  test('that is open is asked before a token and a permit are', async () => {
    const breaker = createCircuitBreaker();
    const { client, tokens } = await startClient(() => ok(), { breaker });
    const getToken = vi.spyOn(tokens, 'getToken');
    breaker.open();
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(getToken).not.toHaveBeenCalled();
  });
});
