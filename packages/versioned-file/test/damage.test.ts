import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createVersionedFile, type VersionedFileEvent } from '../src/index.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const name = 'slots';

describe('a newest version that cannot be read', () => {
  test.each<[string, (path: string) => void]>([
    ['cut to nothing by a power cut', (path) => truncateSync(path)],
    ['cut in half', (path) => truncateSync(path, 100)],
    ['of another program', (path) => writeFileSync(path, '{"value":1}')],
    ['of another document', (path) => writeFileSync(path, readFileSync(path.replace('slots', 'other')))],
  ])('(%s) counts as no value, is told once, and is superseded', async (_how, damage) => {
    const directory = tempDirectory();
    const events: VersionedFileEvent[] = [];
    const file = createVersionedFile<number>({ directory, name, onEvent: (event) => events.push(event) });
    const other = createVersionedFile<number>({ directory, name: 'other' });
    await other.compareAndSet(await other.compareAndSet(undefined, 7), 8);
    const first = await file.compareAndSet(undefined, 1);
    const second = await file.compareAndSet(first, 2);
    const path = join(directory, 'slots.v2.json');
    damage(path);
    expect(await file.read()).toBeUndefined();
    expect(await file.read()).toBeUndefined();
    expect(await file.compareAndSet(second, 3)).toBeUndefined();
    expect(events).toMatchObject([{ type: 'damaged', name, path, reason: expect.stringMatching(/^is /) }]);
    const third = await file.compareAndSet(undefined, 3);
    expect(await file.read()).toEqual({ value: 3, version: third });
    expect((await other.read())?.value).toBe(8);
  });

  test('leaves its content for people, of three damages at most', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile<number>({ directory, name });
    for (let number = 1; number <= 5; number += 1) {
      await file.compareAndSet(undefined, number);
      writeFileSync(join(directory, `slots.v${number}.json`), `damage ${number}`);
      await file.read();
    }
    const copies = readdirSync(directory).filter((each) => each.startsWith('slots.damaged-'));
    expect(copies).toHaveLength(3);
    const contents = copies.map((each) => readFileSync(join(directory, each), 'utf8'));
    expect(contents).toContain('damage 5');
  });

  test('has one winner among all who write over it', async () => {
    const directory = tempDirectory();
    const files = Array.from({ length: 8 }, () => createVersionedFile<number>({ directory, name }));
    await files[0]?.compareAndSet(undefined, 1);
    writeFileSync(join(directory, 'slots.v1.json'), '');
    const versions = await Promise.all(files.map((file, index) => file.compareAndSet(undefined, index)));
    expect(versions.filter((version) => version !== undefined)).toHaveLength(1);
    expect((await files[0]?.read())?.value).toBe(versions.findIndex((version) => version !== undefined));
  });

  test('costs nothing where a listener throws', async () => {
    const directory = tempDirectory();
    const onEvent = (): void => {
      throw new Error('A broken logger');
    };
    const file = createVersionedFile<number>({ directory, name, onEvent });
    mkdirSync(join(directory, 'slots.v1.json'));
    expect(await file.read()).toBeUndefined();
    expect(await file.compareAndSet(undefined, 1)).toMatch(/^2-/);
  });
});

describe('a disk that fails', () => {
  test.each(['open', 'readdir'] as const)(
    'at %s rejects with its own error, and is not taken for empty',
    async (call) => {
      const file = createVersionedFile<number>({ directory: tempDirectory(), name });
      const version = await file.compareAndSet(undefined, 1);
      const restore = replace(call, async () => {
        throw fsError('EIO');
      });
      await expect(file.read()).rejects.toMatchObject({ code: 'EIO' });
      await expect(file.compareAndSet(undefined, 2)).rejects.toMatchObject({ code: 'EIO' });
      restore();
      expect(await file.read()).toEqual({ value: 1, version });
    },
  );

  test('when it is full leaves what was stored, and no rest', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile<number>({ directory, name });
    const version = await file.compareAndSet(undefined, 1);
    const restore = replace('link', async () => {
      throw fsError('ENOSPC');
    });
    await expect(file.compareAndSet(version, 2)).rejects.toMatchObject({ code: 'ENOSPC' });
    restore();
    expect(readdirSync(directory)).toEqual(['slots.v1.json']);
    expect(await file.compareAndSet(version, 2)).toMatch(/^2-/);
  });
});
