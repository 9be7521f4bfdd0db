import { setTimeout as sleep } from 'node:timers/promises';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { envOf, openMarket, tempDirectory } from './harness.ts';
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

  test('does not wait for a KIS that never answers: within ten seconds it is over', async () => {
    const server = await startMockServer({ clock: openMarket() });
    onTestFinished(() => server.close());
    const gateway = await start({ ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url });
    await gateway.listening;
    await fetch(`${gateway.url}/v1/quotes/005930`);
    server.fake.control({ failNext: { count: 1, cut: 'never-ends' } });
    const calls = server.fake.log().calls;
    const asked = fetch(`${gateway.url}/v1/quotes/000660`).then(
      ({ status }) => status,
      () => 'cut',
    );
    while (server.fake.log().calls === calls) await sleep(50);
    gateway.child.kill('SIGTERM');
    const late = new AbortController();
    const first = await Promise.race([gateway.ended, sleep(10_000, 'too late', { signal: late.signal })]);
    late.abort();
    expect(first).not.toBe('too late');
    expect([503, 504, 'cut']).toContain(await asked);
  });
});
