import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { startMockServer } from '@kis/mock';
import { startRedis } from '@kis/redis-servers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { open } from './rig.ts';

const appKey = 'PSTESTTESTTESTTESTTESTTESTTESTTEST01';
const appSecret = 'testsecret+/='.repeat(13);

interface Servers {
  start(count: number): Promise<void>;
  /** What each of them gets at one moment. */
  ask(): Promise<string[]>;
}

function createServers(url: string, baseUrl: string): Servers {
  const children: ChildProcess[] = [];
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  const boot = new URL('server-process.boot.mjs', import.meta.url);
  return {
    async start(count) {
      const more = Array.from({ length: count }, () =>
        fork(boot, [JSON.stringify({ url, baseUrl, appKey, appSecret })]),
      );
      children.push(...more);
      await Promise.all(more.map((child) => once(child, 'message')));
    },
    async ask() {
      const answers = children.map((child) => once(child, 'message'));
      const atMs = Date.now() + 50;
      for (const child of children) child.send({ atMs });
      return (await Promise.all(answers)).map(([value]) => String(value));
    },
  };
}

describe('eight processes', () => {
  test('at one moment cost one question, and four more after Redis was killed and came back empty cost none', async () => {
    const mock = await startMockServer({ tokenLatencyMs: 300, sameTokenMs: 0 });
    onTestFinished(() => mock.close());
    await using redis = await startRedis();
    const servers = createServers(redis.url, mock.url);
    await servers.start(8);
    const first = await servers.ask();
    expect(new Set(first).size).toBe(1);
    expect(first[0]).toMatch(/^eyJ/);

    await redis.kill();
    expect(await servers.ask()).toEqual(first);
    await redis.restart();
    const client = open(redis.url);
    await expect.poll(() => client.keys('*'), { timeout: 1_500 }).toHaveLength(1);
    await servers.start(4);
    expect(new Set(await servers.ask())).toEqual(new Set(first));
    expect(mock.fake.log().tokenRequests).toBe(1);
  }, 60_000);
});
