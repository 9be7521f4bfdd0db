import { setTimeout as sleep } from 'node:timers/promises';
import { type MockServer, startMockServer } from '@kis/mock';
import { createFileStorage } from '@kis/storage-file';
import { tokenKey } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { APP_KEY, envOf, openMarket, tempDirectory } from './harness.ts';
import { builtServer, freePort } from './processes.ts';

const start = builtServer();

async function stage(): Promise<{ readonly server: MockServer; readonly env: Record<string, string | undefined> }> {
  const server = await startMockServer({ tokenLatencyMs: 100, latencyMs: 5, clock: openMarket() });
  onTestFinished(() => server.close());
  const env = { ...envOf(await tempDirectory()), KIS_API_BASE_URL_REAL: server.url, LOG_LEVEL: 'warn' };
  return { server, env: { ...env, PORT: String(await freePort()), KIS_API_RATE_LIMIT_SHARE: 'file' } };
}

describe('a gateway that is killed', { timeout: 180_000 }, () => {
  test('after its first quote, 20 times in a row, and started again at once, asks for one token in all', async () => {
    const { server, env } = await stage();
    const tookMs: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const startedMs = performance.now();
      const gateway = await start(env);
      await gateway.listening;
      const reply = await fetch(`${gateway.url}/v1/quotes/005930`);
      tookMs.push(performance.now() - startedMs);
      expect(await reply.json()).toMatchObject({ stockCode: '005930' });
      gateway.child.kill('SIGKILL');
      await gateway.ended;
    }
    const { tokenRequests, tokensIssued } = server.fake.log();
    expect({ tokenRequests, tokensIssued }).toEqual({ tokenRequests: 1, tokensIssued: 1 });
    const sorted = tookMs.toSorted((a, b) => a - b).map(Math.round);
    console.log(`start to first quote, of 20: median ${sorted[10]} ms, longest ${sorted.at(-1)} ms`);
  });

  test('at any point of its start asks again only for one whose answer was lost with it, and not once an answer is stored', async () => {
    const { server, env } = await stage();
    const storage = createFileStorage({ path: env.KIS_TOKEN_FILE_PATH });
    onTestFinished(() => storage.close?.());
    const key = tokenKey({ appKey: APP_KEY, environment: 'real', baseUrl: server.url });
    let isAnswered = false;
    for (let n = 0; n < 20; n += 1) {
      const before = server.fake.log().tokenRequests;
      const gateway = await start(env);
      await sleep(Math.random() * 1_500);
      gateway.child.kill('SIGKILL');
      await gateway.ended;
      // Of one that was killed while it asked nobody knows whether it had: at worst KIS refuses the next question.
      expect(server.fake.log().tokenRequests - before).toBeLessThanOrEqual(isAnswered ? 0 : 1);
      const attempts = (await storage.read(key))?.record.attempts ?? [];
      isAnswered ||= attempts.some(({ outcome }) => outcome === 'issued' || outcome === 'refused');
    }
    expect(isAnswered).toBe(true);
    expect(server.fake.log().tokensIssued).toBe(1);
  });
});
