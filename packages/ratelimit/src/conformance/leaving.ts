import assert from 'node:assert/strict';
import { RateLimitError } from '../rate-limit-error.ts';
import { type Clause, pass, propagationMs, rejectionOf } from './clause.ts';

/** Longer than a clause takes: a slot that is lost is missed. */
const windowMs = 15_000;

const soon = { timeoutMs: 5_000 };

const nothing = async () => {};

export const leaving: readonly Clause[] = [
  {
    name: 'whoever aborts is rejected with the reason of its signal, is not run, and takes no slot',
    async run(bench) {
      const { one, other } = await bench.create({ limit: 2, windowMs });
      await one.execute(nothing, soon);
      const reason = new Error('changed its mind');
      const leaver = new AbortController();
      let runs = 0;
      // Where slots have to be asked for, one may be on its way.
      const call = one.execute(
        async () => {
          runs += 1;
        },
        { signal: leaver.signal },
      );
      if (runs === 0) leaver.abort(reason);
      const outcome = await call.catch((error: unknown) => error);
      if (runs === 0) {
        assert.equal(outcome, reason);
        await pass(propagationMs);
        await other.execute(nothing, soon);
      }
      assert.equal(await rejectionOf(other.execute(nothing, { signal: AbortSignal.abort(reason) })), reason);
    },
  },
  {
    name: 'a wait that cannot end in time is not begun: it is rejected with what it would have been, and takes no slot',
    async run(bench) {
      // So long that the answer is there in time on a machine that is busy.
      const { one, other } = await bench.create({ limit: 1, windowMs: 10_000 });
      await one.execute(nothing, soon);
      const error = await rejectionOf(other.execute(nothing, { timeoutMs: 2_000 }));
      assert.ok(error instanceof RateLimitError);
      assert.equal(error.reason, 'timeout');
      assert.ok(error.waitMs > 2_000, `It would have had to wait ${error.waitMs} ms`);
      await other.execute(nothing, { timeoutMs: 15_000 });
    },
  },
  {
    name: 'a task that throws before it has returned a promise gives its slot to the next one',
    async run(bench) {
      const { one, other } = await bench.create({ limit: 1, windowMs });
      const thrown = new Error('nothing to send');
      const throwing = () => {
        throw thrown;
      };
      assert.equal(await rejectionOf(one.execute(throwing, soon)), thrown);
      await pass(propagationMs);
      await other.execute(nothing, soon);
    },
  },
  {
    name: 'with `maxQueue: 0` whoever finds a slot is run, and whoever finds none is rejected',
    async run(bench) {
      const { one, other } = await bench.create({ limit: 2, windowMs, maxQueue: 0 });
      await one.execute(nothing, soon);
      await other.execute(nothing, soon);
      for (const each of [one, other]) {
        const error = await rejectionOf(each.execute(nothing, soon));
        assert.ok(error instanceof RateLimitError);
        assert.equal(error.reason, 'queue-full');
      }
    },
  },
  {
    name: 'the callers of one limiter have their turns by priority, and within it in the order in which they came',
    async run(bench) {
      const { one } = await bench.create({ limit: 1, windowMs: 100 });
      const turns: string[] = [];
      const first = one.execute(nothing, soon);
      const calls = (['quote', 'account', 'order', 'quote'] as const).map((priority, number) =>
        one.execute(async () => void turns.push(`${priority} ${number}`), { priority }),
      );
      await Promise.all([first, ...calls]);
      assert.deepEqual(turns, ['order 2', 'account 1', 'quote 0', 'quote 3']);
    },
  },
  {
    name: 'no more tasks of one limiter run at once than `maxConcurrent`',
    async run(bench) {
      const { one } = await bench.create({ limit: 20, windowMs: 200, maxConcurrent: 2 });
      let running = 0;
      let most = 0;
      const task = async () => {
        running += 1;
        most = Math.max(most, running);
        await pass(10);
        running -= 1;
      };
      await Promise.all(Array.from({ length: 10 }, () => one.execute(task)));
      assert.equal(most, 2);
    },
  },
];
