import assert from 'node:assert/strict';
import { type Bench, type Clause, store, written } from './clause.ts';
import { sampleRecord } from './sample-records.ts';

const SOON_MS = 2_000;

/** A storage without `watch` keeps these by having nothing that could break them: waiters poll it. */
export const watching: readonly Clause[] = [
  {
    name: 'a watcher, where the storage has them, is called soon after every write, when it can be read',
    async run(bench) {
      const { writer, key } = bench;
      await withWatcher(bench, async (tells) => {
        let version: string | undefined;
        for (const number of [1, 2]) {
          const write = async (): Promise<void> => {
            version = written(await writer.compareAndSet(key, version, sampleRecord(number)));
          };
          await tells(write, () => reads(bench, number));
        }
      });
    },
  },
  {
    name: 'a watcher, where the storage has them, is called soon after a delete, when it can be read',
    async run(bench) {
      await store(bench, sampleRecord(1));
      await withWatcher(bench, (tells) =>
        tells(
          () => bench.writer.delete(bench.key),
          () => reads(bench, undefined),
        ),
      );
    },
  },
  {
    name: 'a watcher is not called for the changes of other keys',
    async run(bench) {
      const { reader, key } = bench;
      let calls = 0;
      const unsubscribe = reader.watch?.(key, () => {
        calls += 1;
      });
      try {
        for (const other of [`${key}-1`, key.slice(0, -1)]) {
          // When the other key's watcher is called this one would have been called as well.
          await withWatcher({ ...bench, key: other }, (tells) => tells(() => storeAndDelete({ ...bench, key: other })));
        }
        assert.equal(calls, 0);
      } finally {
        unsubscribe?.();
      }
    },
  },
  {
    name: 'a watcher that has unsubscribed is not called any more',
    async run(bench) {
      let calls = 0;
      bench.reader.watch?.(bench.key, () => {
        calls += 1;
      })();
      // When the other one is called the one that has gone would have been called as well.
      await withWatcher(bench, (tells) => tells(() => storeAndDelete(bench)));
      assert.equal(calls, 0);
    },
  },
  {
    name: 'a watcher that unsubscribes does not take another with it',
    async run(bench) {
      await withWatcher(bench, async (tells) => {
        bench.reader.watch?.(bench.key, () => undefined)();
        await tells(() => storeAndDelete(bench));
      });
    },
  },
];

/** Makes a change, and waits for a call that comes with or after it and finds what is looked for. */
type Tells = (change: () => Promise<void>, isFound?: () => Promise<boolean>) => Promise<void>;

async function withWatcher({ reader, key }: Bench, run: (tells: Tells) => Promise<void>): Promise<void> {
  if (reader.watch === undefined) return;
  let onCall = (): void => {};
  const unsubscribe = reader.watch(key, () => onCall());
  try {
    await run(async (change, isFound = async () => true) => {
      const told = new Promise<void>((resolve, reject) => {
        // As those do who wait: they look when they are called, and then wait for the next call.
        onCall = () => void isFound().then((found) => found && resolve(), reject);
      });
      await Promise.all([change(), within(SOON_MS, told)]);
    });
  } finally {
    unsubscribe();
  }
}

/** Whether this record, or no token (undefined), is read now. */
async function reads({ reader, key }: Bench, number: number | undefined): Promise<boolean> {
  return (await reader.read(key))?.record.token?.issuedAtMs === number;
}

async function storeAndDelete(bench: Bench): Promise<void> {
  await store(bench, sampleRecord(1));
  await bench.writer.delete(bench.key);
}

async function within(ms: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `No call within ${ms} ms that finds the change` })),
      ms,
    );
  });
  try {
    await Promise.race([event, late]);
  } finally {
    clearTimeout(timer);
  }
}
