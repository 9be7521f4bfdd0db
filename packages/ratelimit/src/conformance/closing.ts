import assert from 'node:assert/strict';
import { RateLimitError } from '../rate-limit-error.ts';
import { type Clause, pass, rejectionOf } from './clause.ts';

const soon = { timeoutMs: 5_000 };

const nothing = async () => {};

export const closing: readonly Clause[] = [
  {
    name: 'closing rejects whoever waits and whoever comes, and resolves when nothing runs',
    async run(bench) {
      const { one } = await bench.create({ limit: 1, windowMs: 15_000 });
      let isRunning = true;
      let begin = () => {};
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const running = one.execute(async () => {
        begin();
        await pass(50);
        isRunning = false;
      }, soon);
      await begun;
      const waiting = rejectionOf(one.execute(nothing, { timeoutMs: Infinity }));
      await one.close();
      assert.equal(isRunning, false);
      await running;
      for (const error of [await waiting, await rejectionOf(one.execute(nothing))]) {
        assert.ok(error instanceof RateLimitError);
        assert.equal(error.reason, 'closed');
      }
    },
  },
  {
    name: 'closing with `drain` lets whoever waits have its turn',
    async run(bench) {
      const { one } = await bench.create({ limit: 1, windowMs: 100 });
      let runs = 0;
      const calls = Array.from({ length: 4 }, () =>
        one.execute(async () => {
          runs += 1;
        }),
      );
      await one.close({ drain: true });
      assert.equal(runs, 4);
      await Promise.all(calls);
    },
  },
  {
    name: 'what a limiter that is closed had in use comes back to the others a window later, and not before',
    async run(bench) {
      const windowMs = 400;
      const { one, other } = await bench.create({ limit: 1, windowMs });
      // Of one limiter that stands for several nothing comes back.
      if (one === other) return;
      let endedMs = 0;
      const task = async () => {
        await pass(20);
        endedMs = performance.now();
      };
      await one.execute(task, soon);
      await one.close();
      const startedMs = await other.execute(async () => performance.now(), soon);
      assert.ok(startedMs - endedMs >= windowMs, `It came back after ${startedMs - endedMs} ms`);
    },
  },
];
