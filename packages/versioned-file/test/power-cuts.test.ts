import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createVersionedFile } from '../src/index.ts';
import { replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const name = 'slots';

/** What is synced and named from now on, in order. */
function recordCalls(directory: string): string[] {
  const calls: string[] = [];
  replace('open', async (original, args) => {
    const file = (await original(...args)) as FileHandle;
    const sync = file.sync.bind(file);
    file.sync = async () => {
      await sync();
      calls.push(`sync ${args[0] === directory ? 'directory' : 'file'}`);
    };
    return file;
  });
  replace('link', async (original, args) => {
    calls.push(`link ${basename(String(args[1]))}`);
    return original(...args);
  });
  return calls;
}

describe('a value', () => {
  test('is on the disk before it gets its name, and its name before the write resolves', async () => {
    const directory = tempDirectory();
    const calls = recordCalls(directory);
    await createVersionedFile<number>({ directory, name }).compareAndSet(undefined, 1);
    expect(calls).toEqual(['sync file', 'link slots.v1.json', 'sync directory']);
  });

  test('that is not to outlive a power cut costs no sync', async () => {
    const directory = tempDirectory();
    const calls = recordCalls(directory);
    await createVersionedFile<number>({ directory, name, isDurable: false }).compareAndSet(undefined, 1);
    expect(calls).toEqual(['link slots.v1.json']);
  });
});
