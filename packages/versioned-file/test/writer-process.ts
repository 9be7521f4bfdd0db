import fs from 'node:fs/promises';
import { createVersionedFile } from '../src/index.ts';

/** What the parent may ask of a process of its own that writes. */
export type Order =
  /** Adds 1 to its own count in the document, `times` times, and tells how often another was first. */
  | { readonly type: 'count'; readonly name: string; readonly times: number }
  /** Writes `value` over what is stored, and gets a signal on its way; tells the version, or null. */
  | { readonly type: 'write'; readonly value: Counts; readonly at: Point; readonly signal: 'SIGKILL' | 'SIGSTOP' };

export type Counts = Readonly<Record<string, number>>;

/** Before or after the first call of `node:fs/promises` by that name. */
export type Point = 'before open' | 'after open' | 'before link' | 'after link' | 'before readdir' | 'before unlink';

/** 100 s is beyond every test: what hangs is not left behind. */
setTimeout(() => process.exit(99), 100_000).unref();

const [, , directory = ''] = process.argv;
const file = createVersionedFile<Counts>({ directory, name: 'counts', isDurable: false });

process.on('message', async (order: Order) => {
  process.send?.(order.type === 'count' ? await count(order) : await write(order));
});
process.send?.('ready');

async function count({ name, times }: Order & { type: 'count' }): Promise<number> {
  let lost = 0;
  for (let done = 0; done < times; ) {
    const found = await file.read();
    const own = found?.value[name] ?? 0;
    if (own < done || own > done + 1) throw new Error(`${name} had counted to ${done}, and ${own} is stored`);
    // A write that was said to be lost may have been stored and then built upon.
    if (own === done + 1) {
      done += 1;
      continue;
    }
    const version = await file.compareAndSet(found?.version, { ...found?.value, [name]: own + 1 });
    if (version === undefined) lost += 1;
    else done += 1;
  }
  return lost;
}

async function write({ value, at, signal }: Order & { type: 'write' }): Promise<string | null> {
  const version = (await file.read())?.version;
  interrupt(at, signal);
  return (await file.compareAndSet(version, value)) ?? null;
}

function interrupt(at: Point, signal: 'SIGKILL' | 'SIGSTOP'): void {
  const [when, name] = at.split(' ') as ['before' | 'after', 'open' | 'link' | 'readdir' | 'unlink'];
  const calls = fs as unknown as Record<typeof name, (...args: unknown[]) => Promise<unknown>>;
  const original = calls[name];
  calls[name] = async (...args) => {
    // Of the calls of `open` the one that makes the new file.
    if (name === 'open' && args[1] !== 'wx') return original(...args);
    calls[name] = original;
    if (when === 'before') process.kill(process.pid, signal);
    const result = await original(...args);
    if (when === 'after') process.kill(process.pid, signal);
    return result;
  };
}
