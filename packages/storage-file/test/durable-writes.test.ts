import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

/** What is synced and named from now on, in order. */
function recordCalls(directory: string): string[] {
  const calls: string[] = [];
  const nameOf = (path: unknown): string => {
    if (path === directory) return 'directory';
    const name = basename(String(path))
      .replace(/^\.kis-.+-[0-9a-f]{16}\.tmp$/, 'temp')
      .replace(/^\.kis-.+-[0-9a-f]{16}d\.tmp$/, 'parcel');
    return name === 'record.json' ? `${nameOf(dirname(String(path)))}/${name}` : name;
  };
  replace('open', async (original, args) => {
    const file = (await original(...args)) as FileHandle;
    const sync = file.sync.bind(file);
    file.sync = async () => {
      await sync();
      calls.push(`sync ${nameOf(args[0])}`);
    };
    return file;
  });
  for (const name of ['link', 'rename'] as const) {
    replace(name, async (original, args) => {
      calls.push(`${name} ${nameOf(args[0])} ${nameOf(args[1])}`);
      return original(...args);
    });
  }
  return calls;
}

describe('F11: a record', () => {
  test('is on the disk before it gets its name, and its name before the write resolves', async () => {
    const directory = tempDirectory();
    const calls = recordCalls(directory);
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    expect(calls).toEqual(['sync temp', 'link temp real-1.v1.json', 'sync directory']);
  });

  test('is so on a mount without hard links, too, in its directory', async () => {
    const directory = tempDirectory();
    replace('link', async () => {
      throw fsError('EPERM');
    });
    const calls = recordCalls(directory);
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    expect(calls).toEqual([
      'sync temp',
      'link temp real-1.v1.json',
      'rename temp parcel/record.json',
      'sync parcel',
      'rename parcel real-1.v1.json',
      'sync directory',
    ]);
  });
});
