import { createRateLimiter } from '@kis/ratelimit';
import type { Clock } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isRateRefusal, type KisClientEvent, type KisClientOptions } from '../src/index.ts';
import { buy, outcomes, price, startTimeline, times } from './timeline.ts';

const forever = 1_000_000;
const kisCode = 'EGW00201';

const pauses = (events: readonly KisClientEvent[]) =>
  events.filter((event) => event.type === 'rate-limit' && event.event.type === 'pause');

/** A stage on which the token is there, and 30 reads, of which the tenth to the twelfth that arrive are refused. */
async function refuseThreeOfThirty(options: (clock: Clock) => Partial<KisClientOptions> = () => ({})) {
  const stage = startTimeline({}, options);
  const { fake, client, play } = stage;
  await play(Promise.all(times(9, () => price(client))));
  fake.control({ failNext: { count: 3, path: 'inquire-price', kisCode } });
  const outcome = await play(outcomes(times(21, () => price(client))));
  return { ...stage, outcome };
}

describe('calls that KIS refuses for their rate', () => {
  test('(10 to 12 of 30) cost no caller a quote, and pause all others once', async () => {
    const { fake, events, outcome } = await refuseThreeOfThirty();
    expect(outcome).toEqual({ ok: 21, errors: [] });
    expect(fake.log()).toMatchObject({ calls: 33, refusals: 3 });
    expect(pauses(events)).toEqual([{ type: 'rate-limit', event: { type: 'pause', pauseMs: 1_000 } }]);
  });

  test.each([
    ['that knows of them', isRateRefusal],
    ['that does not', undefined],
  ])('cost no caller a quote with a limiter of its own %s', async (_, isRefusal) => {
    const { fake, outcome } = await refuseThreeOfThirty((clock) => ({
      rateLimiter: createRateLimiter({ limit: 18, isRefusal, clock }),
    }));
    expect(outcome).toEqual({ ok: 21, errors: [] });
    expect(fake.log()).toMatchObject({ calls: 33, refusals: 3 });
  });

  test('of a limiter that was given wait up to 1,050 ms, each by itself, and else not at all', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    for (const [isGiven, waitMs] of [
      [true, 525],
      [false, 0],
    ]) {
      const { events } = await refuseThreeOfThirty((clock) =>
        isGiven ? { rateLimiter: createRateLimiter({ limit: 18, clock }) } : {},
      );
      const waits = events.flatMap((event) => (event.type === 'retry' ? [event.waitMs] : []));
      expect(waits).toEqual([waitMs, waitMs, waitMs]);
    }
  });

  test.each([
    ['a read', price],
    ['an order', buy],
  ])('are given up after ten times: %s', async (_, call) => {
    const { fake, client, play } = startTimeline();
    await play(client.tokens.getToken());
    fake.control({ failNext: { count: forever, kisCode } });
    const { errors } = await play(outcomes([call(client)]));
    expect(errors).toMatchObject([{ kisCode, mayHaveArrived: false }]);
    expect(fake.log().calls).toBe(10);
  });

  test('cost nothing of what may be sent again after failures', async () => {
    const { fake, client, play } = startTimeline();
    fake.control({ failNext: { count: 9, kisCode, path: 'inquire-price' } });
    fake.control({ failNext: { count: 3, kisCode: 'EGW00001', path: 'inquire-price' } });
    await play(price(client));
    expect(fake.log().calls).toBe(13);
  });

  test('are not sent again when `retry` is false', async () => {
    const { fake, client, play } = startTimeline({}, { retry: false });
    fake.control({ failNext: { count: 1, kisCode, path: 'inquire-price' } });
    expect((await play(outcomes([price(client)]))).errors).toMatchObject([{ kisCode }]);
    expect(fake.log().calls).toBe(1);
  });

  test('R-2: are one a second while KIS refuses everything, with one pause for each burst, and none is refused after', async () => {
    const { fake, client, clock, events, pass, play } = startTimeline();
    await play(price(client));
    await pass(2_000);
    const fromMs = clock.nowMs();
    fake.control({ clearLog: true, failNext: { count: forever, path: 'inquire-price', kisCode } });
    const reading = outcomes(times(60, () => price(client)));
    await pass(3_000);
    const seen = fake.log().entries.map(({ atMs }) => atMs - fromMs);
    // Known 40 ms after it was sent; what was under way by then is on its way.
    const after = seen.filter((ms) => ms > 40);
    expect(seen.length - after.length).toBeLessThanOrEqual(10);
    for (const ms of after) expect(after.filter((it) => it >= ms && it < ms + 1_000).length).toBeLessThanOrEqual(3);
    expect(pauses(events)).toHaveLength(1 + after.length);

    fake.control({ clearLog: true, failNext: { count: 0, kisCode } });
    expect(await play(reading)).toEqual({ ok: 60, errors: [] });
    expect(fake.log()).toMatchObject({ calls: 60, refusals: 0 });
  });

  test('teach the client what a new customer may, without an option', async () => {
    const { fake, client, play } = startTimeline({ limit: 3 }, { rateLimiter: { queueTimeoutMs: Infinity } });
    const { ok } = await play(outcomes(times(200, () => price(client))));
    expect(ok).toBe(200);
    expect(fake.log().refusals).toBeLessThanOrEqual(16);
    fake.control({ clearLog: true });
    await play(outcomes(times(200, () => price(client))));
    expect(fake.log().refusals).toBeLessThanOrEqual(2);
  });
});
