import { describe, expect, test } from 'vitest';
import type { BatchResult, CurrentPrice } from '../src/index.ts';
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

  test('asks for those that are not kept, by no more calls than without one', async () => {
    const stage = start();
    const { client, play } = stage;
    const codes = codesOf(stage);
    await play(client.getCurrentPrices(codes.filter((_, index) => index % 2 === 0 && index < 60)));
    const { success, stats } = await play(client.getCurrentPrices(codes));
    expect(stats).toMatchObject({ succeeded: 90, requests: 3 });
    expect(keptOf(success)).toBe(30);
  });

  test.each([
    ['prices', 30],
    ['charts', 1],
  ] as const)('as a stream of %s answers before more codes are there', async (what, together) => {
    const stage = start();
    const { client, play } = stage;
    const day = { period: 'day', count: 1 } as const;
    const [first = ''] = codesOf(stage);
    await play(Promise.all([client.getCurrentPrice(first), client.getChart(first, day)]));
    let answered = () => {};
    let read = 0;
    async function* codes() {
      for (const [index, code] of codesOf(stage).entries()) {
        while (index % together === 0 && read < index) {
          await new Promise<void>((resolve) => {
            answered = resolve;
          });
        }
        yield code;
      }
    }
    const stream: AsyncIterable<unknown> =
      what === 'prices' ? client.streamCurrentPrices(codes()) : client.streamCharts(codes(), day);
    const readAll = async () => {
      for await (const _ of stream) {
        read += 1;
        answered();
      }
    };
    await play(readAll());
    expect(read).toBe(90);
  });

  test('takes the prices of single calls', async () => {
    const stage = start();
    const { client, fake, play } = stage;
    const [single = '', ...others] = codesOf(stage);
    await play(client.getCurrentPrice(single));
    const { success } = await play(client.getCurrentPrices([single, ...others.slice(0, 29)]));
    expect(success.get(single)).toHaveProperty('cachedAtMs');
    expect(fake.log().calls).toBe(2);
  });

  test('keeps no price that would stand in for a whole one: a single call asks once, and what it has had stays', async () => {
    const { client, fake, play } = start();
    await play(client.getCurrentPrices(['005930']));
    const whole = await play(client.getCurrentPrice('005930'));
    expect(whole).not.toHaveProperty('cachedAtMs');
    expect(whole.marketCap).toBeGreaterThan(0);
    expect(whole.raw).toHaveProperty('output.stck_shrn_iscd', '005930');
    await play(client.getCurrentPrices(['005930'], { fresh: true }));
    expect(await play(client.getCurrentPrice('005930'))).toEqual({ ...whole, cachedAtMs: expect.any(Number) });
    expect(fake.log().calls).toBe(3);
  });

  test('gives the newer of a whole price and one of its own', async () => {
    const { client, fake, clock, pass, play } = start();
    const reads = [
      () => client.getCurrentPrice('005930', { fresh: true }),
      () => client.getCurrentPrices(['005930'], { fresh: true }),
    ];
    for (const read of [...reads, ...reads]) {
      await play<unknown>(read());
      const keptAtMs = clock.nowMs();
      const { calls } = fake.log();
      await pass(1_000);
      const { success } = await play(client.getCurrentPrices(['005930']));
      expect(success.get('005930')?.cachedAtMs).toBe(keptAtMs);
      expect(fake.log().calls).toBe(calls);
    }
  });

  test.each(['prices', 'charts'] as const)(
    'aborted while its store is slow loses none of the %s that are there',
    async (what) => {
      const controller = new AbortController();
      const { signal } = controller;
      let sets = 0;
      const store = {
        get: () => undefined,
        set() {
          sets += 1;
          return new Promise<never>(() => {});
        },
      };
      const stage = startTimeline({ symbols: 30 }, { cache: { store } });
      const { client, pass } = stage;
      const codes = codesOf(stage);
      const batch: Promise<BatchResult<unknown>> =
        what === 'prices'
          ? client.getCurrentPrices(codes, { signal })
          : client.getCharts(codes.slice(0, 10), { period: 'day', count: 1, concurrency: 5, signal });
      await pass(200);
      expect(sets).toBe(what === 'prices' ? 30 : 5);
      controller.abort('enough');
      expect((await batch).success.size).toBe(sets);
      await pass(500);
    },
  );

  test('is written to its end when the client is closed', async () => {
    for (const closeMs of [120, 141]) {
      const map = new Map<string, string>();
      const writes: (() => void)[] = [];
      const store = {
        get: () => undefined,
        set: (key: string, value: string) =>
          new Promise<void>((resolve) => {
            writes.push(() => {
              map.set(key, value);
              resolve();
            });
          }),
      };
      const stage = startTimeline({ symbols: 30 }, { cache: { store } });
      const { client, pass, play } = stage;
      const batch = client.getCurrentPrices(codesOf(stage));
      // Its call is under way, or what came of it is being written.
      await pass(closeMs);
      const closed = client.close().then(() => map.size);
      await pass(50);
      for (const write of writes) write();
      expect(await play(closed)).toBe(30);
      expect((await play(batch)).stats.succeeded).toBe(30);
    }
  });

  test('whose store hangs holds up the close of the client for half a second at most', async () => {
    const hang = () => new Promise<never>(() => {});
    const stage = startTimeline({ symbols: 30 }, { cache: { store: { get: () => undefined, set: hang } } });
    const { client, clock, pass, play } = stage;
    const batch = client.getCurrentPrices(codesOf(stage));
    await pass(141);
    const sinceMs = clock.nowMs();
    await play(client.close());
    expect(clock.nowMs() - sinceMs).toBeLessThanOrEqual(500);
    expect((await play(batch)).stats.succeeded).toBe(30);
  });

  test('with { fresh: true } asks for all, and keeps the answers', async () => {
    const stage = start();
    const { client, clock, pass, play } = stage;
    await play(client.getCurrentPrices(codesOf(stage)));
    await pass(1_000);
    const { success, stats } = await play(client.getCurrentPrices(codesOf(stage), { fresh: true }));
    expect([stats.requests, keptOf(success)]).toEqual([3, 0]);
    const again = await play(client.getCurrentPrices(codesOf(stage)));
    expect([...again.success.values()].every(({ cachedAtMs }) => cachedAtMs === clock.nowMs())).toBe(true);
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

  test('gives a whole price the name that lies beside it', async () => {
    const store = new Map();
    const before = startTimeline({}, { cache: { store } });
    await before.play(before.client.getCurrentPrices(['005930']));
    const { client, clock, pass, play } = startTimeline({}, { cache: { store } });
    await pass(60_000);
    expect((await play(client.getCurrentPrice('005930'))).stockName).toBeUndefined();
    const { success, stats } = await play(client.getCurrentPrices(['005930'], { withName: true }));
    expect(success.get('005930')).toMatchObject({ stockName: '삼성전자', cachedAtMs: clock.nowMs() });
    expect(stats.requests).toBe(0);
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
