import { describe, expect, test } from 'vitest';
import type { KisClientEvent } from '../src/index.ts';
import { balance, buy, outcomes, price, startTimeline, type Timeline, times } from './timeline.ts';

const kisCode = 'EGW00215';
const orders = 'TTTC0012U';
const balances = 'TTTC8434R';

/** The instants at which calls of a TR were judged, counted from the first of them. */
function timesOf({ fake }: Timeline, trId: string): number[] {
  const instants = fake.log().entries.flatMap((entry) => (entry.trId === trId ? [entry.atMs] : []));
  return instants.map((atMs) => atMs - (instants[0] ?? 0));
}

const gapsOf = (instants: readonly number[]): number[] =>
  instants.slice(1).map((atMs, index) => atMs - (instants[index] ?? 0));

const limits = (events: readonly KisClientEvent[]) => events.filter(({ type }) => type === 'rate-limit');

describe("the ledger's limit", () => {
  test('is kept by the reads of each account TR: over a second from one to the next', async () => {
    const stage = startTimeline();
    const { client, play } = stage;
    expect(await play(outcomes(times(4, () => balance(client))))).toEqual({ ok: 4, errors: [] });
    for (const gap of gapsOf(timesOf(stage, balances))) expect(gap).toBeGreaterThanOrEqual(1_050);
    expect(timesOf(stage, balances)).toHaveLength(4);
  });

  test('holds up no other call', async () => {
    const stage = startTimeline();
    const { client, play } = stage;
    await play(price(client));
    const asking = outcomes(times(5, () => balance(client)));
    await play(Promise.all([...times(10, () => price(client)), ...times(3, () => buy(client))]));
    expect(timesOf(stage, balances)).toHaveLength(1);
    expect(timesOf(stage, orders)).toEqual([0, 0, 0]);
    await play(asking);
  });

  test('when KIS refuses a read for it, is waited for by that TR alone: the limit of all calls stays', async () => {
    const stage = startTimeline();
    const { fake, client, events, play } = stage;
    await play(price(client));
    fake.control({ clearLog: true, failNext: { count: 2, trId: balances, kisCode } });
    const asking = play(outcomes([balance(client)]));
    expect(await asking).toEqual({ ok: 1, errors: [] });
    const quotes = outcomes(times(17, () => price(client)));
    await play(quotes);
    for (const gap of gapsOf(timesOf(stage, balances))) expect(gap).toBeGreaterThanOrEqual(1_050);
    expect(timesOf(stage, balances)).toHaveLength(3);
    expect(limits(events)).toEqual(
      [1, 2].map(() => ({ type: 'rate-limit', trId: balances, event: { type: 'pause', pauseMs: 1_050 } })),
    );
  });

  test('is kept by orders once KIS has refused one for it, which is sent again: it was not run', async () => {
    const stage = startTimeline();
    const { fake, client, play } = stage;
    await play(price(client));
    fake.control({ failNext: { count: 1, trId: orders, kisCode } });
    expect(await play(outcomes(times(3, () => buy(client))))).toEqual({ ok: 3, errors: [] });
    // Three at once, of which the first was refused and has to wait.
    expect(timesOf(stage, orders).slice(0, 3)).toEqual([0, 0, 0]);
    expect(timesOf(stage, orders)[3]).toBeGreaterThanOrEqual(1_050);
    await play(outcomes(times(3, () => buy(client))));
    for (const gap of gapsOf(timesOf(stage, orders).slice(3))) expect(gap).toBeGreaterThanOrEqual(1_050);
    expect(timesOf(stage, orders)).toHaveLength(7);
  });

  test('is given up after ten refusals, like any other', async () => {
    for (const call of [balance, buy]) {
      const { fake, client, play } = startTimeline();
      await play(client.tokens.getToken());
      fake.control({ failNext: { count: 100, kisCode } });
      const { errors } = await play(outcomes([call(client)]));
      expect(errors).toMatchObject([{ kisCode, mayHaveArrived: false }]);
      expect(fake.log().calls).toBe(10);
    }
  });

  test('is not waited for by what the breaker stops, or the caller', async () => {
    const { fake, client, clock, play, pass } = startTimeline();
    await play(balance(client));
    const controller = new AbortController();
    const aborted = client
      .request({ method: 'GET', path: '/uapi/x/trading/y', trId: balances }, {}, { signal: controller.signal })
      .catch((it) => it);
    const asking = outcomes(times(10, () => balance(client)));
    await pass(100);
    const reason = new Error('the user left');
    controller.abort(reason);
    expect(await aborted).toBe(reason);

    fake.control({ clearLog: true, failNext: { count: 100, path: 'inquire-price', status: 500, body: '' } });
    await play(outcomes(times(5, () => price(client))));
    const openedMs = clock.monotonicMs();
    const { errors } = await play(asking);
    // All of them with the next turn, which none of them uses.
    expect(clock.monotonicMs() - openedMs).toBeLessThanOrEqual(1_050);
    expect(errors).toHaveLength(10);
    for (const error of errors) expect(error).toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    await expect(balance(client)).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(fake.log().entries.filter(({ trId }) => trId === balances)).toEqual([]);
  });

  test('is not held while a token is waited for: no read loses its place to that', async () => {
    const stage = startTimeline({ sameTokenMs: 0 });
    const { fake, client, play } = stage;
    await play(balance(client));
    fake.control({ killToken: 'fresh' });
    // The next token comes in a minute, and nobody waits longer than half of one in a queue.
    expect(await play(outcomes(times(5, () => balance(client))))).toEqual({ ok: 5, errors: [] });
    expect(fake.log()).toMatchObject({ tokenRequests: 2, calls: 7 });
  });

  test('is closed with the client, and what waits for it rejected', async () => {
    const { client, play } = startTimeline();
    await play(balance(client));
    const asking = outcomes(times(3, () => balance(client)));
    await client.close();
    const { errors } = await asking;
    expect(errors).toMatchObject([1, 2, 3].map(() => ({ code: 'ERR_RATE_LIMIT', reason: 'closed' })));
  });

  test('has the queue of the client: its longest wait and its length', async () => {
    const { client, play } = startTimeline({}, { rateLimiter: { queueTimeoutMs: 2_000, maxQueue: 3 } });
    const late = await play(outcomes(times(4, () => balance(client))));
    expect([late.ok, late.errors]).toMatchObject([2, [{ reason: 'timeout' }, { reason: 'timeout' }]]);
  });
});
