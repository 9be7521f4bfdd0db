import { setTimeout as sleep } from 'node:timers/promises';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { createGateway } from '../src/gateway.ts';
import {
  API_KEY,
  envOf,
  headersFor,
  holdAnswers,
  ORDER,
  ORDER_PATH,
  openMarket,
  PRICE_URL,
  type Stage,
  startGateway,
  tempDirectory,
} from './harness.ts';

const ordersAt = ({ fake }: Stage) => fake.log().entries.filter(({ path }) => path === ORDER_PATH);

async function order(stage: Stage, change: object = {}) {
  const headers = { ...(await headersFor(stage.app, 'TTTC0012U', API_KEY)), ...change };
  return stage.app.inject({ method: 'POST', url: ORDER_PATH, headers, payload: ORDER });
}

/** Sends an order, and leaves when KIS has it and has not said so. Resolves when the gateway knows that. */
async function orderAndLeave(stage: Pick<Stage, 'gateway' | 'app'>, arrived: () => Promise<void>): Promise<void> {
  const url = await stage.gateway.listen();
  const headers = await headersFor(stage.app, 'TTTC0012U', API_KEY);
  const hangUp = new AbortController();
  const body = JSON.stringify(ORDER);
  const given = fetch(`${url}${ORDER_PATH}`, { method: 'POST', headers, body, signal: hangUp.signal });
  const outcome = given.catch(() => 'hung up');
  await arrived();
  hangUp.abort();
  expect(await outcome).toBe('hung up');
  const connections = () => new Promise((resolve) => stage.app.server.getConnections((_, count) => resolve(count)));
  await vi.waitFor(async () => expect(await connections()).toBe(0));
}

function loggedOrders({ logged }: Pick<Stage, 'logged'>): object[] {
  const lines = logged().trim().split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'order');
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

  test('is one by its `tr_id`, too: as a GET it needs the key, and is nothing that KIS knows', async () => {
    const stage = await startGateway();
    const url = `${ORDER_PATH}?${new URLSearchParams(ORDER)}`;
    const ask = async (appSecret: string) => {
      const headers = await headersFor(stage.app, 'TTTC0012U', appSecret);
      return (await stage.app.inject({ url, headers })).json();
    };
    expect(await ask('no secret')).toMatchObject({ msg_cd: 'EGW00206' });
    expect(await ask(API_KEY)).toMatchObject({ msg_cd: 'OPSQ0002' });
    expect(ordersAt(stage)).toHaveLength(0);
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

  test('that KIS has goes on when its sender has gone, and what became of it is logged', async () => {
    const held = holdAnswers(ORDER_PATH);
    const stage = await startGateway({ between: held.between });
    await orderAndLeave(stage, () => held.arrived);
    held.release();
    await vi.waitFor(() => expect(loggedOrders(stage)).toHaveLength(1));
    expect(loggedOrders(stage)[0]).toMatchObject({ status: 200, rt_cd: '0', hasLeft: true });
  });

  test('that KIS did not run is not sent again for a sender who has gone, nor does it wait for a turn', async () => {
    const held = holdAnswers(ORDER_PATH);
    const stage = await startGateway({ between: held.between });
    stage.fake.control({ failNext: { count: 1, path: ORDER_PATH, kisCode: 'EGW00201' } });
    await orderAndLeave(stage, () => held.arrived);
    // No turn comes any more.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    held.release();
    for (let n = 0; n < 1_000 && loggedOrders(stage).length === 0; n += 1) await new Promise(setImmediate);
    expect(loggedOrders(stage)).toEqual([expect.objectContaining({ status: 500, msg_cd: 'EGW00201', hasLeft: true })]);
    vi.useRealTimers();
    expect(ordersAt(stage)).toHaveLength(1);
  });

  test('is logged by what KIS said of it, which refuses with HTTP 200, too, or that it said nothing', async () => {
    const stage = await startGateway();
    await order(stage);
    stage.fake.control({ failNext: { count: 1, path: ORDER_PATH, kisCode: 'APBK0919', status: 200 } });
    await order(stage);
    stage.fake.control({ failNext: { count: 1, path: ORDER_PATH, cut: 'after' } });
    await order(stage);
    expect(loggedOrders(stage)).toEqual([
      expect.objectContaining({ status: 200, rt_cd: '0', hasLeft: false }),
      expect.objectContaining({ status: 200, rt_cd: expect.stringMatching(/^[1-9]$/), msg_cd: 'APBK0919' }),
      expect.objectContaining({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true }),
    ]);
  });

  test('is waited for when the gateway ends, as long as there is time; then it is logged as one to look up', async () => {
    const server = await startMockServer({ clock: openMarket() });
    onTestFinished(() => server.close());
    const config = await readConfig({ ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url });
    const lines: string[] = [];
    const gateway = await createGateway(config, { logTo: { write: (line) => void lines.push(line) } });
    server.fake.control({ failNext: { count: 1, path: ORDER_PATH, cut: 'never-ends' } });
    const arrived = () =>
      vi.waitFor(() => expect(server.fake.log().entries.map(({ path }) => path)).toContain(ORDER_PATH));
    await orderAndLeave({ gateway, app: gateway.app }, arrived);
    await gateway.close();
    const [logged] = loggedOrders({ logged: () => lines.join('') });
    expect(logged).toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true, hasLeft: true });
  }, 20_000);
});
