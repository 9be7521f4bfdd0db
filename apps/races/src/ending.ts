import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createFileStorage } from '@kis/storage-file';
import type { TokenRecord } from '@kis/token-core';

/** What an app does by itself at its end, or towards it. */
export type Ending =
  | 'waits for ever'
  | 'throws at its exit'
  | 'listens once'
  | 'listens once, before others'
  | 'takes its listener off'
  | 'listens to nothing'
  | 'writes too much';

const [, , directory = '', ending, uses] = process.argv;
// Whatever a test does or forgets, no process of it outlives it by much.
setTimeout(() => process.exit(9), 20_000).unref();

const say = (text: unknown): void => void writeSync(1, `${text}\n`);
const record = (id = ''): TokenRecord => ({ attempts: [{ id, by: '', atMs: 1, outcome: 'issued' }], dead: [] });
const { emit } = process;

if (uses === 'writes') {
  // More than a process may have listeners without a warning.
  const storages = Array.from({ length: 20 }, (_, n) => createFileStorage({ directory: join(directory, String(n)) }));
  await Promise.all(storages.map((storage) => storage.compareAndSet('real-1', undefined, record())));
} else {
  mkdirSync(join(directory, '0'));
}
if (process.emit !== emit || process.eventNames().some((name) => String(name).startsWith('SIG'))) say('changed');

const terminate = (): void => void setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
const endGracefully = (): void => {
  say('ending');
  setTimeout(() => process.exit(42), 100);
};
const stayFor = (ms: number): void => void setTimeout(() => {}, ms);

switch (ending as Ending) {
  case 'waits for ever':
    await new Promise(() => {});
    break;
  case 'throws at its exit':
    process.on('exit', (code) => {
      say(code);
      throw new Error('planted');
    });
    break;
  case 'listens once':
    process.once('SIGTERM', endGracefully);
    terminate();
    stayFor(2_000);
    break;
  case 'listens once, before others':
    process.prependOnceListener('SIGTERM', endGracefully);
    terminate();
    stayFor(2_000);
    break;
  case 'takes its listener off': {
    const listener = (): void => {
      process.off('SIGTERM', listener);
      endGracefully();
    };
    process.prependListener('SIGTERM', listener);
    terminate();
    stayFor(2_000);
    break;
  }
  case 'listens to nothing':
    terminate();
    stayFor(2_000);
    break;
  case 'writes too much':
    try {
      writeFileSync(join(directory, '0', 'app'), 'x'.repeat(20_000));
    } catch (error) {
      say((error as NodeJS.ErrnoException).code);
    }
    // With no storage at all there is nothing to be compared.
    if (uses === 'writes') {
      const storage = createFileStorage({ directory: join(directory, 'large') });
      const written = storage.compareAndSet('real-1', undefined, record('x'.repeat(20_000)));
      await written.catch((error: NodeJS.ErrnoException) => say(`storage ${error.code}`));
    }
}
