import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  API_KEY,
  APP_KEY,
  envOf,
  grant,
  ORDER,
  ORDER_PATH,
  openMarket,
  startGateway,
  tempDirectory,
} from './harness.ts';
import { builtServer } from './processes.ts';

const start = builtServer();

describe('SIGTERM', { timeout: 60_000 }, () => {
  test('ends the gateway with 0, after what is under way was answered, and whoever listens was let go', async () => {
    const server = await startMockServer({ latencyMs: 1_500, clock: openMarket() });
    onTestFinished(() => server.close());
    const gateway = await start({ ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url });
    await gateway.listening;
    const stream = await fetch(`${gateway.url}/events`);
    const listened = stream.text();
    const asked = fetch(`${gateway.url}/v1/quotes/005930`);
    while (server.fake.log().calls === 0) await sleep(50);
    gateway.child.kill('SIGTERM');
    expect((await asked).status).toBe(200);
    expect(await listened).toContain('event: hello');
    expect(await gateway.ended).toBe(0);
  });

  test('is not held up by a KIS that never answers: within ten seconds all are told, the log says who, and it ends with 0', async () => {
    const server = await startMockServer({ clock: openMarket() });
    onTestFinished(() => server.close());
    const gateway = await start({ ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url });
    await gateway.listening;
    const token = await tokenOf(gateway.url);
    await fetch(`${gateway.url}/v1/quotes/005930`);
    server.fake.control({ failNext: { count: 2, cut: 'never-ends' } });
    const calls = server.fake.log().calls;
    const quote = fetch(`${gateway.url}/v1/quotes/000660`);
    const order = fetch(`${gateway.url}${ORDER_PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, appkey: APP_KEY, appsecret: API_KEY, tr_id: 'TTTC0012U' },
      body: JSON.stringify(ORDER),
    });
    while (server.fake.log().calls < calls + 2) await sleep(50);
    gateway.child.kill('SIGTERM');
    expect(await inTime(gateway.ended)).toBe(0);
    expect([(await quote).status, await (await quote).json()]).toEqual([
      503,
      expect.objectContaining({ code: 'ERR_GATEWAY_ENDS' }),
    ]);
    // It may have been run.
    expect(await (await order).json()).toMatchObject({ msg_cd: 'EGW00302' });
    const told = gateway
      .output()
      .split('\n')
      .find((line) => line.includes('ended before all was answered'));
    expect(JSON.parse(told ?? '{}').calls.sort()).toEqual(['GET /v1/quotes/:code', 'POST /uapi/*']);
  });

  test('that comes again, or as SIGINT, changes nothing', async () => {
    const server = await startMockServer({ latencyMs: 1_500, clock: openMarket() });
    onTestFinished(() => server.close());
    const gateway = await start({ ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url });
    await gateway.listening;
    const asked = fetch(`${gateway.url}/v1/quotes/005930`);
    while (server.fake.log().calls === 0) await sleep(50);
    gateway.child.kill('SIGTERM');
    await nobodyListens(gateway.url);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGINT'] as const) {
      gateway.child.kill(signal);
      await sleep(50);
    }
    expect((await asked).status).toBe(200);
    expect(await gateway.ended).toBe(0);
  });

  test('is not held up by a question for a token, nor by who sends half of a request', async () => {
    const server = await startMockServer({ tokenLatencyMs: 60_000, clock: openMarket() });
    onTestFinished(() => server.close());
    const gateway = await start({ ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url });
    await gateway.listening;
    const quote = fetch(`${gateway.url}/v1/quotes/005930`);
    const half = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    half.on('error', () => {});
    half.write(
      'POST /v1/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    await sleep(500);
    gateway.child.kill('SIGTERM');
    expect(await inTime(gateway.ended)).toBe(0);
    expect((await quote).status).toBe(503);
    expect(gateway.output()).not.toContain('"left"');
  });
});

describe('a gateway that ends', () => {
  /** One on which `text` has come, of a gateway whose timers stand still from then on. */
  async function connected(text: string) {
    const stage = await startGateway();
    const url = await stage.gateway.listen();
    const accepted = once(stage.app.server, 'connection');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    const [peer] = (await accepted) as [Socket];
    socket.write(text);
    while (peer.bytesRead < text.length) await sleep(10);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    return stage;
  }

  test('waits for no connection on which nothing was asked', async () => {
    const { gateway, logged } = await connected('');
    await gateway.close();
    expect(logged()).not.toContain('ended before');
  });

  test('speaks of no calls where half a request is all that is left', async () => {
    const { gateway, logged } = await connected('GET /healthz HTTP/1.1\r\nHost: local');
    const closed = gateway.close();
    await vi.advanceTimersByTimeAsync(6_500);
    await closed;
    expect(logged()).not.toContain('ended before');
  });
});

/** Resolves when the gateway has heard that it is to end. */
async function nobodyListens(url: string): Promise<void> {
  const isListening = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.once('error', () => resolve(false));
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
    });
  while (await isListening()) await sleep(20);
}

async function inTime<T>(ended: Promise<T>): Promise<T | 'too late'> {
  const late = new AbortController();
  const tooLate = sleep(10_000, 'too late' as const, { signal: late.signal });
  try {
    return await Promise.race([ended, tooLate]);
  } finally {
    tooLate.catch(() => {});
    late.abort();
  }
}

async function tokenOf(url: string): Promise<string> {
  const reply = await fetch(`${url}/oauth2/tokenP`, { method: 'POST', body: JSON.stringify(grant()) });
  return ((await reply.json()) as { access_token: string }).access_token;
}
