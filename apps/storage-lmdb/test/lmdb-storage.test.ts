import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { open } from 'lmdb';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLmdbStorage } from '../src/lmdb-storage.ts';
import { createDatabase } from './processes.ts';
import { record } from './records.ts';

const key = 'real-1';

function emptyDatabase(): string {
  const { path, remove } = createDatabase();
  onTestFinished(remove);
  return path;
}

describe('three storages over one database keep the contract', () => {
  const { path, remove } = createDatabase();
  afterAll(remove);
  tokenStorageConformance(test, () => [1, 2, 3].map(() => createLmdbStorage({ path })));
});

describe('a storage in LMDB', () => {
  test.each([[undefined], [''], [7]])('says that %s is no directory', (path) => {
    expect(() => createLmdbStorage({ path: path as string })).toThrow(TypeError);
    expect(() => createLmdbStorage({ path: path as string })).toThrow(`path must name a directory, not`);
  });

  test('makes its directory, which its owner alone may enter, and files that its owner alone may read', async () => {
    const path = join(emptyDatabase(), 'made', 'here.db');
    const wide = join(emptyDatabase(), 'wide');
    mkdirSync(wide, { mode: 0o755 });
    for (const directory of [path, wide]) await createLmdbStorage({ path: directory }).close?.();
    const modeOf = (name: string) => statSync(name).mode & 0o777;
    expect(modeOf(path)).toBe(0o700);
    expect(modeOf(join(wide, 'data.mdb'))).toBe(0o600);
  });

  test('finds at its next start what it had stored', async () => {
    const path = emptyDatabase();
    const first = createLmdbStorage({ path });
    const version = await first.compareAndSet(key, undefined, record(1));
    await first.close?.();
    const second = createLmdbStorage({ path });
    expect(await second.read(key)).toEqual({ version, record: record(1) });
    await second.close?.();
  });

  test('repeats no version in a database that was removed and made anew', async () => {
    const path = emptyDatabase();
    const versions = new Set<string | undefined>();
    for (let round = 0; round < 3; round += 1) {
      const storage = createLmdbStorage({ path });
      versions.add(await storage.compareAndSet(key, undefined, record(1)));
      await storage.close?.();
      rmSync(path, { recursive: true });
    }
    expect(versions.size).toBe(3);
  });

  test('leaves an empty version of its own where it deletes', async () => {
    const path = emptyDatabase();
    const storage = createLmdbStorage({ path });
    const version = await storage.compareAndSet(key, undefined, record(1));
    await storage.delete(key);
    const seen = open({ path, noSubdir: false, encoding: 'string', useVersions: true });
    expect(seen.getEntry(key)).toEqual({ value: 'null', version: expect.any(Number) });
    expect(String(seen.getEntry(key)?.version)).not.toBe(version);
    await Promise.all([seen.close(), storage.close?.()]);
  });

  test.each([
    ['no JSON', '{"attempts":'],
    ['no object', '7'],
    ['no record', '{"token":"testsecret+/="}'],
  ])('reads %s as nothing, says so, and writes over it', async (_, text) => {
    const path = emptyDatabase();
    const foreign = open({ path, noSubdir: false, encoding: 'string', useVersions: true });
    await foreign.put(key, text, 5);
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const storage = createLmdbStorage({ path });
    expect(await storage.read(key)).toBeUndefined();
    expect(warn.mock.calls).toEqual([[`kis-storage-lmdb: ${path} holds no record under ${key}`]]);
    const version = await storage.compareAndSet(key, undefined, record(1));
    expect(await storage.read(key)).toEqual({ version, record: record(1) });
    await Promise.all([foreign.close(), storage.close?.()]);
  });

  test('rejects when it was closed, and leaves others over the same database open', async () => {
    const path = emptyDatabase();
    const [closed, other] = [createLmdbStorage({ path }), createLmdbStorage({ path })];
    await closed.close?.();
    await expect(closed.read(key)).rejects.toThrow('closed database');
    await expect(closed.compareAndSet(key, undefined, record(1))).rejects.toThrow('closed database');
    expect(await other.compareAndSet(key, undefined, record(1))).toBeTypeOf('string');
    await other.close?.();
  });
});
