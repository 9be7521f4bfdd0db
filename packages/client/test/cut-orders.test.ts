import { startMockServer } from '@kis/mock';
import { systemClock } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, type KisClientEvent } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';
import { buy, outcomes, times } from './timeline.ts';

/** A Friday at ten in Korea, when orders are taken. */
const OPEN_MS = Date.parse('2026-11-20T01:00:00Z');

async function start() {
  const server = await startMockServer({ clock: { ...systemClock, nowMs: () => OPEN_MS } });
  onTestFinished(() => server.close());
  const events: KisClientEvent[] = [];
  const client = createKisClient({
    appKey,
    appSecret,
    environment: 'real',
    baseUrl: server.url,
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => client.close());
  const orders = () => server.fake.log().entries.filter(({ path }) => path.endsWith('/order-cash'));
  return { fake: server.fake, client, events, orders };
}

describe('R-3: an order whose connection is cut, on a real socket', () => {
  test('after the server has read it, is placed once, and its error says that it may have arrived', async () => {
    const { fake, client, events, orders } = await start();
    fake.control({ failNext: { count: 1, path: 'order-cash', cut: 'after' } });
    await expect(buy(client)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true });
    expect(orders()).toMatchObject([{ kisCode: 'APBK0013' }]);
    expect(events.filter(({ type }) => type === 'retry')).toEqual([]);
  });

  test('on a connection that was kept from the calls before, is not sent anew either', async () => {
    const { fake, client, orders } = await start();
    await buy(client);
    fake.control({ clearLog: true, failNext: { count: 3, path: 'order-cash', cut: 'after' } });
    const { errors } = await outcomes(times(3, () => buy(client)));
    expect(errors).toMatchObject(
      times(3, async () => 0).map(() => ({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true })),
    );
    expect(orders()).toHaveLength(3);
  });

  test('in the middle of the answer, is placed once', async () => {
    const { fake, client, orders } = await start();
    fake.control({ failNext: { count: 1, path: 'order-cash', body: '{"rt_cd":"0","msg', status: 200 } });
    await expect(buy(client)).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', mayHaveArrived: true });
    expect(orders()).toHaveLength(1);
  });
});
