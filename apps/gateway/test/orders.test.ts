import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { API_KEY, headersFor, ORDER, ORDER_PATH, PRICE_URL, type Stage, startGateway } from './harness.ts';

const ordersAt = ({ fake }: Stage) => fake.log().entries.filter(({ path }) => path === ORDER_PATH);

async function order(stage: Stage, change: object = {}) {
  const headers = { ...(await headersFor(stage.app, 'TTTC0012U', API_KEY)), ...change };
  return stage.app.inject({ method: 'POST', url: ORDER_PATH, headers, payload: ORDER });
}

describe('an order', () => {
  test('passes once', async () => {
    const stage = await startGateway();
    expect((await order(stage)).json()).toMatchObject({ rt_cd: '0', output: { ODNO: expect.any(String) } });
    expect(ordersAt(stage)).toHaveLength(1);
  });

  test('is at KIS once when the connection is cut after it arrived, and its sender is told to look it up', async () => {
    const stage = await startGateway();
    await order(stage);
    stage.fake.control({ failNext: { count: 3, path: ORDER_PATH, cut: 'after' } });
    const reply = await order(stage);
    expect(reply.json()).toEqual({
      rt_cd: '1',
      msg_cd: 'EGW00302',
      msg1: '거래시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.',
    });
    expect(ordersAt(stage)).toHaveLength(2);
  });

  test.each(['EGW00001', 'EGW00301', 'OPSQ0009'])('is not sent again after %s, which quotes are', async (kisCode) => {
    const stage = await startGateway();
    await order(stage);
    stage.fake.control({ failNext: { count: 1, path: ORDER_PATH, kisCode } });
    expect((await order(stage)).json()).toMatchObject({ msg_cd: kisCode });
    expect(ordersAt(stage)).toHaveLength(2);
    stage.fake.control({ failNext: { count: 1, kisCode } });
    const quote = await stage.app.inject({ url: PRICE_URL, headers: await headersFor(stage.app, 'FHKST01010100') });
    expect(quote.json()).toMatchObject({ rt_cd: '0' });
  });

  test('that KIS says it did not run, as one call too many, is run once', async () => {
    const stage = await startGateway();
    stage.fake.control({ failNext: { count: 1, path: ORDER_PATH, kisCode: 'EGW00201' } });
    expect((await order(stage)).json()).toMatchObject({ rt_cd: '0' });
    expect(ordersAt(stage).filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('needs the key of the gateway, on loopback, too, as app secret or in a header of its own', async () => {
    const stage = await startGateway();
    for (const change of [
      { appsecret: 'no secret' },
      { appsecret: '' },
      { 'x-api-key': 'wrong', appsecret: 'wrong' },
    ]) {
      expect((await order(stage, change)).json()).toMatchObject({ msg_cd: 'EGW00206' });
    }
    expect(ordersAt(stage)).toHaveLength(0);
    expect((await order(stage, { appsecret: 'no secret', 'x-api-key': API_KEY })).json()).toMatchObject({ rt_cd: '0' });
    expect(ordersAt(stage)).toHaveLength(1);
  });

  test('cannot be given where the gateway has no key', async () => {
    const stage = await startGateway({ env: { GATEWAY_API_KEY: '' } });
    expect((await order(stage)).json()).toMatchObject({ msg_cd: 'EGW00206' });
    expect(ordersAt(stage)).toHaveLength(0);
  });

  test('is not sent any more when its sender has gone while it waited', async () => {
    const stage = await startGateway({ kis: { limit: 1 }, env: { KIS_API_RATE_LIMIT: '1' } });
    const url = await stage.gateway.listen();
    const headers = await headersFor(stage.app, 'TTTC0012U', API_KEY);
    const quotes = [1, 2].map(() => fetch(`${url}${PRICE_URL}`, { headers: { ...headers, tr_id: 'FHKST01010100' } }));
    await quotes[0];
    const hangUp = new AbortController();
    const given = fetch(`${url}${ORDER_PATH}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(ORDER),
      signal: hangUp.signal,
    });
    const outcome = given.catch(() => 'hung up');
    await sleep(200);
    hangUp.abort();
    expect(await outcome).toBe('hung up');
    await Promise.all(quotes);
    const last = await fetch(`${url}${PRICE_URL}`, { headers: { ...headers, tr_id: 'FHKST01010100' } });
    expect(await last.json()).toMatchObject({ rt_cd: '0' });
    expect(ordersAt(stage)).toHaveLength(0);
  });
});
