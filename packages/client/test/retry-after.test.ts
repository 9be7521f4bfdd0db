import { createCircuitBreaker } from '@kis/breaker';
import { describe, expect, test } from 'vitest';
import type { KisClientEvent } from '../src/index.ts';
import { type Answer, ok, order, read, refusal, startClient } from './harness.ts';

const date = 'Fri, 20 Nov 2026 06:30:00 GMT';
const page = { status: 503, body: '<html></html>' };

/** An answer that asks for a pause. */
function asking(answer: Answer, retryAfter: string): Answer {
  return typeof answer === 'string' ? answer : { ...answer, headers: { date, 'retry-after': retryAfter } };
}

/** What a read waits before it is sent again. It does not wait that long: it is aborted in its pause. */
async function pauseAfter(answer: Answer): Promise<number | undefined> {
  const controller = new AbortController();
  const pauses: number[] = [];
  const { client } = await startClient((_, n) => (n === 1 ? answer : ok()), {
    onEvent(event: KisClientEvent) {
      if (event.type !== 'retry') return;
      pauses.push(event.waitMs);
      controller.abort();
    },
  });
  await client.request(read, {}, { signal: controller.signal }).catch(() => {});
  return pauses[0];
}

describe("KIS's Retry-After", () => {
  test.each([
    ['seconds', '7', 7_000],
    ['a date, by its own clock', 'Fri, 20 Nov 2026 06:30:09 GMT', 9_000],
    ['a date that has passed', 'Fri, 20 Nov 2026 06:29:00 GMT', 0],
    ['thirty seconds', '30', 30_000],
    ['nonsense', 'soon', 0],
    ['no whole number', '-5', 0],
  ])('as %s is waited for', async (_, retryAfter, waitMs) => {
    expect(await pauseAfter(asking(page, retryAfter))).toBe(waitMs);
  });

  test.each([
    ['a refused rate', refusal('EGW00201')],
    ['a refused token', refusal('EGW00123')],
    ['a passing error', refusal('EGW00001')],
  ])('counts with %s, too', async (_, answer) => {
    expect(await pauseAfter(asking(answer, '7'))).toBe(7_000);
  });

  test('is the least: a longer pause of its own stays', async () => {
    const pauses: number[] = [];
    const controller = new AbortController();
    const { client } = await startClient(() => asking(page, '0'), {
      retry: { backoffMs: 60_000 },
      onEvent(event) {
        if (event.type === 'retry') pauses.push(event.waitMs);
        controller.abort();
      },
    });
    await client.request(read, {}, { signal: controller.signal }).catch(() => {});
    expect(pauses[0]).toBeGreaterThan(0);
    expect(pauses[0]).toBeLessThanOrEqual(5_000);
  });

  test('over thirty seconds ends the call at once, and its error tells it', async () => {
    for (const answer of [page, refusal('EGW00201'), refusal('EGW00123'), refusal('EGW00001')]) {
      const { client, calls } = await startClient(() => asking(answer, '31'));
      await expect(client.request(read)).rejects.toMatchObject({ retryAfterMs: 31_000 });
      expect(calls).toHaveLength(1);
    }
  });

  test('of an order is told, and the order not sent again', async () => {
    const { client, calls } = await startClient(() => asking(page, '7'));
    await expect(client.request(order)).rejects.toMatchObject({ retryAfterMs: 7_000, mayHaveArrived: true });
    expect(calls).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['a page', { status: 429, body: '<html></html>' }],
    ['JSON', { status: 429, body: { rt_cd: '1', msg1: 'slow down' } }],
  ])(
    'of HTTP 429 without a code (%s) is waited for by a read; an order goes out once, and nothing counts',
    async (_, answer) => {
      expect(await pauseAfter(asking(answer, '7'))).toBe(7_000);
      const breaker = createCircuitBreaker();
      const { client, calls } = await startClient((_, n) => (n === 1 ? 'cut' : answer), { breaker });
      await client.request(order).catch(() => {});
      await expect(client.request(order)).rejects.toMatchObject({ status: 429, mayHaveArrived: true });
      expect(calls).toHaveLength(2);
      await expect(client.request(read)).rejects.toMatchObject({ status: 429 });
      expect(calls).toHaveLength(6);
      expect(breaker.stats()).toMatchObject({ state: 'CLOSED', failures: 1 });
    },
  );

  test('is undefined where KIS does not send it', async () => {
    const { client } = await startClient(() => page, { retry: false });
    const error = await client.request(read).catch((it) => it);
    expect(error).toMatchObject({ code: 'ERR_KIS_RESPONSE', retryAfterMs: undefined });
  });
});
