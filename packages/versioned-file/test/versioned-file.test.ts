import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createVersionedFile, type VersionedFileOptions } from '../src/index.ts';
import { replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const name = 'slots';

function countLinks(): { count: number } {
  const links = { count: 0 };
  replace('link', async (original, args) => {
    links.count += 1;
    return original(...args);
  });
  return links;
}

describe('a versioned file', () => {
  test('gives back what was stored, under the version that its writer was told', async () => {
    const file = createVersionedFile<{ used: number[] }>({ directory: tempDirectory(), name });
    expect(await file.read()).toBeUndefined();
    const first = await file.compareAndSet(undefined, { used: [1] });
    expect(first).toMatch(/^1-[0-9a-f]{16}$/);
    expect(await file.read()).toEqual({ value: { used: [1] }, version: first });
    const second = await file.compareAndSet(first, { used: [1, 2] });
    expect(second).toMatch(/^2-[0-9a-f]{16}$/);
    expect(await file.read()).toEqual({ value: { used: [1, 2] }, version: second });
  });

  test('stores nothing over what is not expected', async () => {
    const file = createVersionedFile<string>({ directory: tempDirectory(), name });
    const first = await file.compareAndSet(undefined, 'first');
    const second = await file.compareAndSet(first, 'second');
    for (const wrong of [undefined, first, `2-${'0'.repeat(16)}`, `3-${second?.slice(2)}`, '2', '', 'x', '0-0']) {
      expect(await file.compareAndSet(wrong, 'wrong')).toBeUndefined();
    }
    expect(await file.read()).toEqual({ value: 'second', version: second });
  });

  test('is what another of the same directory and name reads and updates, and no other', async () => {
    const directory = tempDirectory();
    const [one, same] = [createVersionedFile<number>({ directory, name }), createVersionedFile({ directory, name })];
    const others = [
      createVersionedFile<number>({ directory, name: 'slots-2' }),
      createVersionedFile<number>({ directory: tempDirectory(), name }),
    ];
    const version = await one.compareAndSet(undefined, 1);
    expect(await same.read()).toEqual({ value: 1, version });
    for (const other of others) {
      expect(await other.read()).toBeUndefined();
      expect(await other.compareAndSet(version, 2)).toBeUndefined();
      expect(await other.compareAndSet(undefined, 2)).toBeTypeOf('string');
    }
    expect(await same.compareAndSet(version, 3)).toBeTypeOf('string');
    expect((await one.read())?.value).toBe(3);
  });

  test('can be emptied, and no version from before fits afterwards', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile<string>({ directory, name });
    const first = await file.compareAndSet(undefined, 'first');
    const emptied = await file.compareAndSet(first, undefined);
    expect(emptied).toMatch(/^2-/);
    expect(await createVersionedFile({ directory, name }).read()).toBeUndefined();
    expect(await file.compareAndSet(first, 'late')).toBeUndefined();
    expect(await file.compareAndSet(emptied, 'late')).toBeUndefined();
    expect(await file.compareAndSet(undefined, 'again')).toMatch(/^3-/);
  });

  test('takes no version from before somebody emptied its directory, and shows nobody what was written over it', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile<string>({ directory, name });
    const first = await file.compareAndSet(undefined, 'first');
    const second = await file.compareAndSet(first, 'second');
    for (const each of readdirSync(directory)) rmSync(join(directory, each));
    const again = await file.compareAndSet(undefined, 'again');
    for (const old of [first, second]) {
      const links = countLinks();
      expect(await file.compareAndSet(old, 'late')).toBeUndefined();
      expect(links.count).toBe(0);
    }
    expect(await file.read()).toEqual({ value: 'again', version: again });
  });

  test.each([[null], [false], [0], [''], [[]], [{}], [{ value: undefined }], ['\u2028"\\한']])(
    'takes %j for a value, as any JSON',
    async (value) => {
      const file = createVersionedFile({ directory: tempDirectory(), name });
      const version = await file.compareAndSet(undefined, value);
      expect(await file.read()).toEqual({ value, version });
    },
  );

  test('takes nothing that is no JSON, and nothing that nobody would read', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile<unknown>({ directory, name });
    await expect(file.compareAndSet(undefined, () => {})).rejects.toThrow(
      new TypeError('versioned-file: `value` must be JSON, got a function'),
    );
    await expect(file.compareAndSet(undefined, 1n)).rejects.toThrow(TypeError);
    await expect(file.compareAndSet(undefined, 'x'.repeat(1 << 20))).rejects.toThrow(RangeError);
    expect(readdirSync(directory)).toEqual([]);
    const version = await file.compareAndSet(undefined, 'x'.repeat(1_000_000));
    expect((await file.read())?.version).toBe(version);
  });

  test('keeps eight versions, and makes its directory where that is missing', async () => {
    const directory = join(tempDirectory(), 'above', 'slots');
    const file = createVersionedFile<number>({ directory, name });
    let version: string | undefined;
    for (let number = 1; number <= 12; number += 1) version = await file.compareAndSet(version, number);
    expect(readdirSync(directory).sort()).toEqual([5, 6, 7, 8, 9, 10, 11, 12].map((n) => `slots.v${n}.json`).sort());
  });

  test.each<[Partial<Record<keyof VersionedFileOptions, unknown>>, string]>([
    [{ directory: '' }, '`directory` must be the path of a directory, got ""'],
    [{ directory: 7 }, '`directory` must be the path of a directory, got 7'],
    [{ name: 'a.b' }, '`name` must match /^[a-z0-9_-]{1,120}$/, got "a.b"'],
    [{ name: '' }, '`name` must match /^[a-z0-9_-]{1,120}$/, got ""'],
    [{ name: 'A' }, '`name` must match /^[a-z0-9_-]{1,120}$/, got "A"'],
    [{ isDurable: 1 }, '`isDurable` must be a boolean, got 1'],
    [{ onEvent: 'x' }, '`onEvent` must be a function, got string'],
  ])('refuses %j at once', (wrong, message) => {
    const options = { directory: '/x', name, ...wrong } as VersionedFileOptions;
    expect(() => createVersionedFile(options)).toThrow(new TypeError(`versioned-file: ${message}`));
  });
});

describe('a version', () => {
  test('is a file for people to read, whose sum tells every byte that is another', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile<number[]>({ directory, name });
    const first = await file.compareAndSet(undefined, [1]);
    const second = await file.compareAndSet(first, [1, 2]);
    const path = join(directory, 'slots.v2.json');
    const bytes = readFileSync(path);
    expect(JSON.parse(bytes.toString())).toEqual({
      format: 'kis-versioned-file/1',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      key: name,
      n: 2,
      nonce: second?.slice(2),
      prev: first,
      value: [1, 2],
    });
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      expect(await file.read(), `byte ${at}`).toBeUndefined();
    }
  });
});
