import assert from 'node:assert/strict';
import { type Bench, type Clause, store } from './clause.ts';
import { sampleRecord } from './sample-records.ts';

const SOON_MS = 2_000;

/** A storage without `watch` keeps these by having nothing that could break them: waiters poll it. */
export const watching: readonly Clause[] = [
  {
    name: 'a watcher, where the storage has them, is called soon after a write',
    async run(bench) {
      await withWatcher(bench, async (called) => {
        await store(bench, sampleRecord(1));
        await called();
      });
    },
  },
  {
    name: 'a watcher, where the storage has them, is called soon after a delete',
    async run(bench) {
      await store(bench, sampleRecord(1));
      await withWatcher(bench, async (called) => {
        await bench.writer.delete(bench.key);
        await called();
      });
    },
  },
  {
    name: 'a watcher that has unsubscribed is not called any more',
    async run(bench) {
      let calls = 0;
      bench.reader.watch?.(bench.key, () => {
        calls += 1;
      })();
      await withWatcher(bench, async (called) => {
        await store(bench, sampleRecord(1));
        await bench.writer.delete(bench.key);
        // By then the one that has gone would have been called as well.
        await called();
      });
      assert.equal(calls, 0);
    },
  },
  {
    name: 'a watcher that unsubscribes does not take another with it',
    async run(bench) {
      await withWatcher(bench, async (called) => {
        bench.reader.watch?.(bench.key, () => undefined)();
        await store(bench, sampleRecord(1));
        await bench.writer.delete(bench.key);
        await called();
      });
    },
  },
];

async function withWatcher({ reader, key }: Bench, run: (called: () => Promise<void>) => Promise<void>): Promise<void> {
  if (reader.watch === undefined) return;
  let onCall = (): void => {};
  const call = new Promise<void>((resolve) => {
    onCall = resolve;
  });
  const unsubscribe = reader.watch(key, () => onCall());
  try {
    await run(() => within(SOON_MS, call));
  } finally {
    unsubscribe();
  }
}

async function within(ms: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `Nobody called within ${ms} ms` })), ms);
  });
  try {
    await Promise.race([event, late]);
  } finally {
    clearTimeout(timer);
  }
}
