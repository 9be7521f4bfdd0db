import { startMockServer } from '@kis/mock';
import { startRedis } from '@kis/redis-servers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { open } from './rig.ts';
import { createServers } from './servers.ts';

const right = (count: number): number[] => Array.from({ length: count }, () => 0);

describe('eight processes', () => {
  test('at one moment cost one question, and four more after Redis was killed and came back empty cost none', async () => {
    const mock = await startMockServer({ tokenLatencyMs: 300, sameTokenMs: 0 });
    onTestFinished(() => mock.close());
    await using redis = await startRedis();
    const servers = createServers(redis.url, mock.url);
    await servers.start(right(8));
    const first = await servers.ask();
    expect(new Set(first).size).toBe(1);
    expect(first[0]).toMatch(/^eyJ/);

    await redis.kill();
    expect(await servers.ask()).toEqual(first);
    await redis.restart();
    const client = open(redis.url);
    const stored = async (): Promise<unknown[]> =>
      Promise.all((await client.keys('*')).map((key) => client.hget(key, 'access_token')));
    await expect.poll(stored, { timeout: 10_000 }).toEqual([first[0]]);
    await servers.start(right(4));
    expect(new Set(await servers.ask())).toEqual(new Set(first));
    expect(mock.fake.log().tokenRequests).toBe(1);
  }, 60_000);
});

describe('R10: processes whose clocks differ', () => {
  test('by three minutes cost one question, and their record is kept for as long as Redis says', async () => {
    const mock = await startMockServer({ tokenLatencyMs: 300, sameTokenMs: 0, tokenLifeMs: 1_800_000 });
    onTestFinished(() => mock.close());
    await using redis = await startRedis();
    const servers = createServers(redis.url, mock.url);
    await servers.start([-90_000, 90_000]);
    const tokens = await servers.ask();
    expect(tokens[0]).toMatch(/^eyJ/);
    expect(tokens[1]).toBe(tokens[0]);
    expect(mock.fake.log().tokenRequests).toBe(1);
    const client = open(redis.url);
    const [key = ''] = await client.keys('*');
    // An hour from the last write.
    expect(Math.round((await client.pttl(key)) / 60_000)).toBe(60);
  }, 60_000);
});
