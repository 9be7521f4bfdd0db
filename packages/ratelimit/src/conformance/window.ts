import assert from 'node:assert/strict';
import { type Clause, createService, mostIn, pass } from './clause.ts';

const windowMs = 200;

/** What is in the limiters' gift. */
const unbounded = { queueTimeoutMs: Infinity };

export const window: readonly Clause[] = [
  {
    name: 'each task is run once, and its caller gets what it gives or throws',
    async run(bench) {
      const { all } = await bench.create({ limit: 50, windowMs, ...unbounded });
      let runs = 0;
      const task = (number: number) => async () => {
        runs += 1;
        if (number % 3 === 0) throw number;
        return number;
      };
      const calls = Array.from({ length: 30 }, (_, number) => all[number % all.length]?.execute(task(number)));
      const results = await Promise.allSettled(calls);
      for (const [number, result] of results.entries()) {
        assert.equal(result.status === 'fulfilled' ? result.value : result.reason, number);
      }
      assert.equal(runs, 30);
    },
  },
  {
    name: 'no window holds more arrivals than the limit, whoever calls, and however long calls are under way',
    async run(bench) {
      const { all } = await bench.create({ limit: 5, windowMs, ...unbounded });
      const service = createService();
      const calls = Array.from({ length: 30 }, (_, number) => {
        const task = service.call({ thereMs: (7 * number) % 40, backMs: (3 * number) % 10 });
        return all[number % all.length]?.execute(task);
      });
      await Promise.all(calls);
      assert.ok(mostIn(service.arrivals, windowMs) <= 5, `${mostIn(service.arrivals, windowMs)} in a window of 5`);
    },
  },
  {
    name: 'what was not used of a window cannot be asked for later',
    async run(bench) {
      const { one, other } = await bench.create({ limit: 4, windowMs, ...unbounded });
      const service = createService();
      await one.execute(service.call());
      await pass(3 * windowMs);
      await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? one : other).execute(service.call())));
      assert.ok(mostIn(service.arrivals, windowMs) <= 4, `${mostIn(service.arrivals, windowMs)} in a window of 4`);
    },
  },
  {
    name: 'a task that ends without an answer keeps its slot for a window from then on',
    async run(bench) {
      const { one, other } = await bench.create({ limit: 1, windowMs, ...unbounded });
      let endedMs = 0;
      const lost = one.execute(async () => {
        await pass(150);
        endedMs = performance.now();
        throw new Error('no answer');
      });
      await assert.rejects(lost, { message: 'no answer' });
      const startedMs = await other.execute(async () => performance.now());
      assert.ok(startedMs - endedMs >= windowMs, `The next one started ${startedMs - endedMs} ms after it`);
    },
  },
  {
    name: 'the budget is used up: whoever waits starts when a slot is free',
    async run(bench) {
      const { all } = await bench.create({ limit: 5, windowMs, ...unbounded });
      const service = createService();
      const calls = Array.from({ length: 20 }, (_, number) => all[number % all.length]?.execute(service.call()));
      await Promise.all(calls);
      const [first = 0, last = Infinity] = [service.arrivals[0], service.arrivals.at(-1)];
      // Three windows have to pass; some more may on a machine that is busy.
      assert.ok(last - first < 11 * windowMs, `4 windows of calls took ${last - first} ms`);
    },
  },
  {
    name: 'limiters that all have callers waiting get turns alike',
    async run(bench) {
      const { all } = await bench.create({ limit: 4, windowMs, ...unbounded });
      const starts: number[] = [];
      const service = createService();
      // On a machine that is busy a new one may come late.
      await Promise.all(all.map((each) => each.execute(service.call())));
      const task = (who: number) => () => {
        starts.push(who);
        return service.call()();
      };
      const calls: (Promise<unknown> | undefined)[] = [];
      for (let n = 0; n < 16; n += 1) for (const [who, each] of all.entries()) calls.push(each.execute(task(who)));
      await Promise.all(calls);
      const half = starts.slice(0, starts.length / 2);
      for (const who of all.keys()) {
        const turns = half.filter((one) => one === who).length;
        // Whoever came first may have had the first window, and on a machine that is busy some come late.
        const least = Math.floor((half.length - 4) / all.length / 2);
        assert.ok(turns >= least, `${turns} of the first ${half.length} turns, of ${all.length} limiters`);
      }
    },
  },
];
