import assert from 'node:assert/strict';
import type { RateLimitEvent } from '../ports.ts';
import { type Clause, createService, isRefusal, mostIn, pass, propagationMs, rejectionOf } from './clause.ts';

const windowMs = 1_000;

export const refusals: readonly Clause[] = [
  {
    name: 'refusals of one burst pause all for a window, once',
    async run(bench) {
      const events: RateLimitEvent[] = [];
      const onEvent = (event: RateLimitEvent) => void events.push(event);
      const { all, one, other } = await bench.create({
        limit: 6,
        windowMs,
        isRefusal,
        onEvent,
        queueTimeoutMs: Infinity,
      });
      const service = createService();
      let granted = 0;
      let refuse = () => {};
      const areGranted = new Promise<void>((resolve) => {
        refuse = resolve;
      });
      // None is refused before all have their slots: they would have to wait for the end of the pause.
      const task = (backMs: number) => async () => {
        granted += 1;
        if (granted === 4) refuse();
        await areGranted;
        await service.call({ backMs, isRefused: true })();
      };
      const refused = [one, other].flatMap((each, number) => [
        rejectionOf(each.execute(task(5 + 30 * number))),
        rejectionOf(each.execute(task(10 + 30 * number))),
      ]);
      await refused[0];
      const burstMs = performance.now();
      await Promise.all(refused);
      await pass(propagationMs);
      const starts = await Promise.all(all.map((each) => each.execute(async () => performance.now())));
      const firstMs = Math.min(...starts) - burstMs;
      assert.ok(firstMs >= windowMs - 10, `The next call started ${firstMs} ms after the refusal`);
      const pauses = events.filter(({ type }) => type === 'pause');
      assert.ok(pauses.length >= 1 && pauses.length <= new Set(all).size, `${pauses.length} pauses were told`);
    },
  },
  {
    name: 'after such a pause one call goes first, and the others when it was answered',
    async run(bench) {
      const { all, one } = await bench.create({ limit: 6, windowMs, isRefusal, queueTimeoutMs: Infinity });
      const service = createService();
      await rejectionOf(one.execute(service.call({ isRefused: true })));
      await pass(propagationMs);
      let running = 0;
      let ended = 0;
      const overlaps: number[] = [];
      const task = async () => {
        running += 1;
        if (ended === 0) overlaps.push(running);
        await pass(40);
        running -= 1;
        ended += 1;
      };
      await Promise.all([...all, ...all].map((each) => each.execute(task)));
      assert.deepEqual(overlaps, [1], 'Several went before the first was answered');
    },
  },
  {
    name: 'with `adaptive` what a refusal takes off the limit is taken off for all',
    async run(bench) {
      const options = { limit: 5, windowMs, isRefusal, adaptive: true, queueTimeoutMs: Infinity };
      const { all, one, other } = await bench.create(options);
      const service = createService();
      const refused = Array.from({ length: 3 }, () => rejectionOf(one.execute(service.call({ isRefused: true }))));
      await Promise.all(refused);
      await pass(propagationMs);
      const since = service.arrivals.length;
      const calls = Array.from({ length: 4 }, (_, number) => all[number % all.length]?.execute(service.call()));
      await Promise.all(calls);
      const most = mostIn(service.arrivals.slice(since), windowMs);
      assert.ok(most <= 2, `${most} in a window after 3 of 5 were refused`);
      assert.deepEqual([one.stats().effectiveLimit, other.stats().effectiveLimit], [2, 2]);
    },
  },
  {
    name: 'a pause that one limiter is told holds for all',
    async run(bench) {
      const { one, other } = await bench.create({ limit: 6, windowMs, queueTimeoutMs: Infinity });
      await Promise.all([one, other].map((each) => each.execute(async () => {})));
      const toldMs = performance.now();
      one.penalize({ pauseMs: 1_500 });
      await pass(propagationMs);
      const starts = await Promise.all([one, other].map((each) => each.execute(async () => performance.now())));
      const firstMs = Math.min(...starts) - toldMs;
      assert.ok(firstMs >= 1_500, `A call started ${firstMs} ms after a pause of 1,500 was told`);
    },
  },
];
