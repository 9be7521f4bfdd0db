import { setTimeout as sleep } from 'node:timers/promises';
import { type MockServer, startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { envOf, openMarket, tempDirectory } from './harness.ts';
import { builtServer, freePort } from './processes.ts';

const start = builtServer();

async function stage({ tokenLatencyMs = 100 } = {}): Promise<{
  readonly server: MockServer;
  readonly env: Record<string, string | undefined>;
}> {
  const server = await startMockServer({ tokenLatencyMs, latencyMs: 5, clock: openMarket() });
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

  test.each([
    ['while KIS deals with its question', 2_000],
    ['at any point of its start', 100],
  ])('%s, and started again at once, time after time, asks once in an interval', async (where, tokenLatencyMs) => {
    const { server, env } = await stage({ tokenLatencyMs });
    for (let n = 0; n < 20; n += 1) {
      const gateway = await start(env);
      if (n === 0 && where.startsWith('while')) {
        await expect.poll(() => server.fake.log().tokenRequests, { interval: 5, timeout: 30_000 }).toBe(1);
        expect(server.fake.log().tokensIssued).toBe(1);
      } else {
        await sleep(Math.random() * 1_500);
      }
      gateway.child.kill('SIGKILL');
      await gateway.ended;
    }
    const questions = server.fake.log().entries.filter(({ path }) => path === '/oauth2/tokenP');
    // Twenty starts may take longer than an interval.
    const apartMs = questions.slice(1).map(({ atMs }, n) => atMs - (questions[n]?.atMs ?? 0));
    expect(apartMs.filter((ms) => ms < 60_000)).toEqual([]);
    expect(questions.map(({ kisCode }) => kisCode ?? '')).toEqual(questions.map(() => ''));
    expect(questions.length).toBeGreaterThan(0);
  });
});
