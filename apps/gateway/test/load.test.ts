import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAsker } from '../src/load/asker.ts';
import { createServers } from '../src/load/server.ts';
import { watchStreams } from '../src/load/streams.ts';
import { tempDirectory } from './harness.ts';

// What it takes in time is for `load` to say.
describe('under load', { timeout: 120_000 }, () => {
  test('every cached quote is answered without KIS, 500 may listen, and nothing of it stays in memory', async () => {
    const kis = await startMockServer();
    onTestFinished(() => kis.close());
    const start = await createServers({ folder: await tempDirectory(), kisUrl: kis.url });
    const server = await start();
    onTestFinished(() => server.end('SIGTERM'));
    const asker = createAsker();
    onTestFinished(() => asker.close());
    const order = { url: `${server.url}/v1/quotes/005930`, perSecond: 300, seconds: 10 };
    expect((await asker.run(order)).ok).toBe(3_000);
    const calls = kis.fake.log().calls;
    const before = await server.heapBytes();
    expect((await asker.run(order)).ok).toBe(3_000);
    expect(kis.fake.log().calls).toBe(calls);

    const { events, opened } = await watchStreams(server.url, 500, 5_000);
    expect(opened).toBe(500);
    // Each its first two, at least.
    expect(events).toBeGreaterThanOrEqual(1_000);
    expect((await server.heapBytes()) - before).toBeLessThan(5e6);
  });
});
