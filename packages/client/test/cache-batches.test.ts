import { describe, expect, test } from 'vitest';
import type { CurrentPrice } from '../src/index.ts';
import { startTimeline, type Timeline } from './timeline.ts';

const codesOf = ({ fake }: Timeline) => fake.symbols.map(({ code }) => code);
const start = (symbols = 90): Timeline =>
  startTimeline({ symbols, limit: 1_000 }, { cache: true, rateLimiter: { limit: 1_000 } });
const keptOf = (success: Map<string, Pick<CurrentPrice, 'cachedAtMs'>>) =>
  [...success.values()].filter(({ cachedAtMs }) => cachedAtMs !== undefined).length;

describe('a batch with a cache', () => {
  test('asks KIS for nothing when it comes again', async () => {
    const stage = start();
    const { client, fake, play } = stage;
    const first = await play(client.getCurrentPrices(codesOf(stage)));
    expect(first.stats).toMatchObject({ succeeded: 90, requests: 3 });
    const second = await play(client.getCurrentPrices(codesOf(stage)));
    expect(second.stats).toMatchObject({ total: 90, succeeded: 90, failed: 0, requests: 0 });
    expect([keptOf(first.success), keptOf(second.success)]).toEqual([0, 90]);
    expect(fake.log().calls).toBe(3);
  });

  test('asks for those that are not kept, thirty to a call', async () => {
    const stage = start();
    const { client, play } = stage;
    const codes = codesOf(stage);
    await play(client.getCurrentPrices(codes.filter((_, index) => index % 3 === 0)));
    const { success, stats } = await play(client.getCurrentPrices(codes));
    expect(stats).toMatchObject({ succeeded: 90, requests: 2 });
    expect(keptOf(success)).toBe(30);
  });

  test('and single calls keep prices for each other', async () => {
    const stage = start();
    const { client, fake, play } = stage;
    const [single, ...rest] = codesOf(stage) as [string, ...string[]];
    await play(client.getCurrentPrice(single));
    await play(client.getCurrentPrices([single, ...rest.slice(0, 30)]));
    for (const code of rest.slice(0, 30)) expect(await play(client.getCurrentPrice(code))).toHaveProperty('cachedAtMs');
    expect(fake.log().calls).toBe(2);
  });

  test('with { fresh: true } asks for all, and keeps the answers', async () => {
    const stage = start();
    const { client, clock, pass, play } = stage;
    await play(client.getCurrentPrices(codesOf(stage)));
    await pass(1_000);
    const { success, stats } = await play(client.getCurrentPrices(codesOf(stage), { fresh: true }));
    expect([stats.requests, keptOf(success)]).toEqual([3, 0]);
    const [code = ''] = codesOf(stage);
    expect((await play(client.getCurrentPrice(code))).cachedAtMs).toBe(clock.nowMs());
  });

  test('with names asks for a price that is kept without one', async () => {
    const stage = start();
    const { client, fake, play } = stage;
    await play(client.getCurrentPrice('005930'));
    const { success } = await play(client.getCurrentPrices(['005930'], { withName: true }));
    expect(success.get('005930')?.stockName).toBeTypeOf('string');
    await play(client.getCurrentPrices(['005930'], { withName: true }));
    expect(fake.log().calls).toBe(2);
  });

  test('keeps what it had to ask for singly, too', async () => {
    const stage = start(30);
    const { client, fake, play } = stage;
    fake.control({ failNext: { count: 1, path: 'intstock-multprice', kisCode: 'MCA05918' } });
    const { stats } = await play(client.getCurrentPrices(codesOf(stage)));
    expect(stats).toMatchObject({ succeeded: 30, requests: 31 });
    expect((await play(client.getCurrentPrices(codesOf(stage)))).stats).toMatchObject({ succeeded: 30, requests: 0 });
  });

  test('keeps no failure, and asks about it again', async () => {
    const { client, play } = start();
    for (let n = 0; n < 2; n += 1) {
      const { success, failed, stats } = await play(client.getCurrentPrices(['005930', '999999', 'bad']));
      expect([[...success.keys()], [...failed.keys()]]).toEqual(
        [['005930'], ['bad', '999999']].map((it) => expect.arrayContaining(it)),
      );
      expect(stats.requests).toBe(1);
    }
  });

  test('of charts keeps each by its options', async () => {
    const stage = start(20);
    const { client, play } = stage;
    const day = { period: 'day', count: 5 } as const;
    await play(client.getCharts(codesOf(stage), day));
    const again = await play(client.getCharts(codesOf(stage), day));
    const other = await play(client.getCharts(codesOf(stage), { ...day, count: 6 }));
    const fresh = await play(client.getCharts(codesOf(stage), { ...day, fresh: true }));
    expect([again, other, fresh].map(({ stats }) => stats.requests)).toEqual([0, 20, 20]);
    expect((await play(client.getChart('005930', day)))[0]).toHaveProperty('cachedAtMs');
  });

  test('as a stream reads no further ahead than it is read', async () => {
    const stage = start();
    const { client, fake, play } = stage;
    await play(client.getCurrentPrices(codesOf(stage)));
    let given = 0;
    function* endless() {
      for (;;) {
        given += 1;
        yield codesOf(stage)[given % 90] as string;
      }
    }
    const read = async () => {
      let count = 0;
      for await (const { value } of client.streamCurrentPrices(endless(), { concurrency: 1 })) {
        expect(value).toHaveProperty('cachedAtMs');
        count += 1;
        if (count === 1_000) return;
      }
    };
    await play(read());
    expect(given).toBeLessThanOrEqual(1_800);
    expect(fake.log().calls).toBe(3);
  });
});
