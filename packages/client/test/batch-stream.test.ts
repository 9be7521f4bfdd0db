import { describe, expect, test, vi } from 'vitest';
import type { BatchItem, CurrentPrice, Middleware } from '../src/index.ts';
import { createFakeTokens } from './harness.ts';
import { startTimeline } from './timeline.ts';

/** Codes without an end, and how many of them were taken. */
function createEndless() {
  const source = { taken: 0, isEnded: false };
  async function* codes(): AsyncGenerator<string> {
    try {
      for (;;) yield String(source.taken++ % 100_000).padStart(6, '0');
    } finally {
      await new Promise((resolve) => setImmediate(resolve));
      source.isEnded = true;
    }
  }
  return { source, codes: codes() };
}

const nextOf = (stream: AsyncIterable<BatchItem<CurrentPrice>>) => {
  const iterator = stream[Symbol.asyncIterator]();
  return async () => (await iterator.next()).value as BatchItem<CurrentPrice> | undefined;
};

describe('prices as a stream', () => {
  test('come one by one, each with its code: a value or an error', async () => {
    const { client, fake, events, play } = startTimeline({ symbols: 120 });
    const wanted = [...fake.symbols.map(({ code }) => code), 'ZZZZZZ', 'no code'];
    const items: BatchItem<CurrentPrice>[] = [];
    async function read(): Promise<void> {
      for await (const item of client.streamCurrentPrices(wanted)) items.push(item);
    }
    await play(read());
    expect(items.map(({ code }) => code).sort()).toEqual([...wanted].sort());
    const [good, bad] = [items.filter(({ value }) => value), items.filter(({ error }) => error)];
    expect(good.map(({ code }) => code)).toEqual(good.map(({ value }) => value?.stockCode));
    expect(bad.map(({ code }) => code).sort()).toEqual(['ZZZZZZ', 'no code']);
    expect(events.filter(({ type }) => type === 'batch')).toEqual([{ type: 'batch', completed: 100 }]);
  });

  test('begin when somebody reads, and are asked no further ahead than `concurrency` calls', async () => {
    const { client, fake, pass, play } = startTimeline({ limit: 1_000 }, { rateLimiter: { limit: 1_000 } });
    const { source, codes } = createEndless();
    const next = nextOf(client.streamCurrentPrices(codes, { concurrency: 3 }));
    await pass(5_000);
    expect([source.taken, fake.log().calls]).toEqual([0, 0]);
    await play(next());
    await pass(5_000);
    expect([source.taken, fake.log().calls]).toEqual([90, 3]);
    for (let n = 1; n < 30; n += 1) await play(next());
    await pass(5_000);
    expect(fake.log().calls).toBe(3);
    await play(next());
    await pass(5_000);
    expect(fake.log().calls).toBe(4);
  });

  test('are asked by no more calls at once when thirty are refused, and each is asked about by itself', async () => {
    let [running, most] = [0, 0];
    const watch: Middleware = (next) => async (request) => {
      running += 1;
      most = Math.max(most, running);
      return next(request).finally(() => {
        running -= 1;
      });
    };
    const { client, clock, fake, play } = startTimeline({ symbols: 90 }, { use: [watch] });
    fake.control({ failNext: { count: 1, path: 'multprice', kisCode: 'MCA05918' } });
    async function* codes() {
      for (const [index, { code }] of fake.symbols.entries()) {
        // The second thirty are still on their way when the first are refused.
        if (index === 30) await new Promise<void>((resolve) => clock.setTimer(300, resolve));
        yield code;
      }
    }
    let read = 0;
    async function readAll(): Promise<void> {
      for await (const _ of client.streamCurrentPrices(codes(), { concurrency: 2 })) read += 1;
    }
    await play(readAll());
    expect([read, most, fake.log().calls]).toEqual([90, 2, 33]);
  });

  test('end with a `break`: calls that wait are not sent, those under way are left, and the codes are closed', async () => {
    const { client, fake, pass, play } = startTimeline({}, { rateLimiter: { limit: 2 } });
    const { source, codes } = createEndless();
    let read = 0;
    async function readSome(): Promise<void> {
      for await (const _ of client.streamCurrentPrices(codes)) {
        read += 1;
        if (read === 70) break;
      }
    }
    await play(readSome());
    expect([read, source.isEnded]).toEqual([70, true]);
    await pass(10_000);
    expect(fake.log().calls).toBe(4);
  });

  test('of codes that come slowly are given before the next ones are there', async () => {
    const { client, play } = startTimeline();
    let giveMore = () => {};
    const later = new Promise<void>((resolve) => {
      giveMore = resolve;
    });
    async function* codes() {
      yield 'no code';
      for (let n = 0; n < 30; n += 1) yield String(n).padStart(6, '0');
      await later;
      yield '000030';
      yield 'no code either';
    }
    const next = nextOf(client.streamCurrentPrices(codes()));
    expect((await play(next()))?.code).toBe('no code');
    for (let n = 0; n < 30; n += 1) expect((await play(next()))?.code).toBe(String(n).padStart(6, '0'));
    giveMore();
    const rest = [await play(next()), await play(next())];
    expect(rest.map((item) => item?.code).sort()).toEqual(['000030', 'no code either']);
    expect(await play(next())).toBeUndefined();
  });

  test('of a code that comes again are asked again, also when the codes never end', async () => {
    const { client, fake, play } = startTimeline();
    function* codes() {
      for (;;) yield* ['005930', '000660'];
    }
    const seen: string[] = [];
    async function read(): Promise<void> {
      for await (const { code } of client.streamCurrentPrices(codes(), { concurrency: 1 })) {
        if (seen.push(code) === 6) break;
      }
    }
    await play(read());
    expect(seen).toEqual(['005930', '000660', '005930', '000660', '005930', '000660']);
    expect(fake.log().calls).toBe(3);
  });

  test("throw the signal's reason, what the codes throw, and what every code would meet, after what had come", async () => {
    const reason = new Error('enough');
    const { client, fake, pass, play } = startTimeline({}, { tokens: createFakeTokens() });
    const controller = new AbortController();
    async function* broken() {
      yield 'no code';
      throw reason;
    }
    async function* silent() {
      yield 'no code';
      await new Promise(() => {});
    }
    const first = nextOf(client.streamCurrentPrices(broken()));
    expect((await first())?.code).toBe('no code');
    await expect(first()).rejects.toBe(reason);

    const second = nextOf(client.streamCurrentPrices(silent(), { signal: controller.signal }));
    expect((await second())?.code).toBe('no code');
    const ended = expect(second()).rejects.toBe(reason);
    await pass(100);
    controller.abort(reason);
    await ended;

    fake.control({ failNext: { count: 1, kisCode: 'EGW00304' } });
    const third = nextOf(client.streamCurrentPrices(['005930']));
    await expect(play(third())).rejects.toMatchObject({ kisCode: 'EGW00304' });
  });

  test('do not take an abort for the failure of those whose calls it ends', async () => {
    const { client, pass, play } = startTimeline({}, { rateLimiter: { limit: 1 } });
    const controller = new AbortController();
    const next = nextOf(client.streamCurrentPrices(createEndless().codes, { signal: controller.signal }));
    await play(next());
    controller.abort('enough');
    await pass(10);
    for (let n = 1; n < 30; n += 1) await next();
    await expect(next()).rejects.toBe('enough');
  });

  test('end as they do without it at a signal that comes when all are there', async () => {
    const { client, fake, play } = startTimeline();
    const controller = new AbortController();
    const codes = fake.symbols.map(({ code }) => code);
    let read = 0;
    async function readAll(): Promise<void> {
      for await (const _ of client.streamCurrentPrices(codes, { signal: controller.signal })) {
        read += 1;
        if (read === codes.length) controller.abort('late');
      }
    }
    await play(readAll());
    expect(read).toBe(20);
  });

  test('leave nothing behind at the signal', async () => {
    const { client, fake, play } = startTimeline();
    const { signal } = new AbortController();
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    await play(
      client.getCurrentPrices(
        fake.symbols.map(({ code }) => code),
        { signal },
      ),
    );
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove).toHaveBeenCalledTimes(1);
  });
});
