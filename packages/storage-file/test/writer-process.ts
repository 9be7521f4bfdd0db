import fs from 'node:fs/promises';
import { createFileStorage } from '../src/index.ts';
import { record } from './records.ts';

/** What the parent may ask of a process of its own that writes. */
export type Order =
  /** Writes over `expected` at one moment with the others. */
  | {
      readonly type: 'race';
      readonly key: string;
      readonly expected?: string;
      readonly number: number;
      readonly atMs: number;
    }
  /** Adds 1 to its own count in the record, `times` times. */
  | { readonly type: 'count'; readonly key: string; readonly name: string; readonly times: number }
  /** Dies by SIGKILL in the middle of a write. */
  | { readonly type: 'die'; readonly key: string; readonly at: 'before-link' | 'after-link' }
  /** Stands still in the middle of a write. */
  | { readonly type: 'stand-still'; readonly key: string }
  /** Ends by `process.exit(7)`. */
  | { readonly type: 'exit-now' }
  /** Subscribes, and has nothing else to do. */
  | { readonly type: 'watch-and-end'; readonly key: string };

/** 100 s is beyond every test: what hangs is not left behind. */
setTimeout(() => process.exit(99), 100_000).unref();

const [, , directory, encryptionKey] = process.argv;
const storage = createFileStorage({ directory, encryptionKey });

process.on('message', async (order: Order) => {
  if (order.type === 'race') process.send?.(await race(order));
  if (order.type === 'count') process.send?.(await count(order));
  if (order.type === 'die') await die(order);
  if (order.type === 'stand-still') await standStill(order);
  if (order.type === 'exit-now') process.exit(7);
  if (order.type === 'watch-and-end') {
    storage.watch?.(order.key, () => {});
    await storage.compareAndSet(order.key, undefined, record(1));
    process.disconnect();
  }
});
process.send?.('ready');

async function race(order: Order & { type: 'race' }): Promise<string | null> {
  while (Date.now() < order.atMs);
  return (await storage.compareAndSet(order.key, order.expected, record(order.number))) ?? null;
}

async function count({ key, name, times }: Order & { type: 'count' }): Promise<number> {
  let lost = 0;
  for (let done = 0; done < times; ) {
    const found = await storage.read(key);
    const attempts = found?.record.attempts ?? [];
    const own = attempts.find(({ id }) => id === name)?.count ?? 0;
    if (own < done || own > done + 1) throw new Error(`${name} had counted to ${done}, and ${own} is stored`);
    // A write that was said to be lost may have been stored and then written over.
    if (own === done + 1) {
      done += 1;
      continue;
    }
    const counted = { id: name, by: name, atMs: 0, outcome: 'issued', count: own + 1 } as const;
    const others = attempts.filter(({ id }) => id !== name);
    const version = await storage.compareAndSet(key, found?.version, { attempts: [counted, ...others], dead: [] });
    if (version === undefined) lost += 1;
    else done += 1;
  }
  return lost;
}

async function die({ key, at }: Order & { type: 'die' }): Promise<void> {
  const version = (await storage.read(key))?.version;
  const link = fs.link;
  fs.link = async (...args) => {
    if (at === 'after-link') await link(...args);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  };
  await storage.compareAndSet(key, version, record(100));
}

async function standStill({ key }: Order & { type: 'stand-still' }): Promise<void> {
  fs.link = async () => {
    process.send?.('inside');
    await new Promise(() => {});
  };
  await storage.compareAndSet(key, undefined, record(1));
}
