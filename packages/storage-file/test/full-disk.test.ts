import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TokenRecord } from '@kis/token-core';
import { createTokenManager, type Token } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { tempMount, testWithMounts } from './mounts.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { failNewFiles, fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';
const PAGE_BYTES = 4_096;

/** Takes three pages. */
function largeRecord(number: number): TokenRecord {
  const attempts = Array.from({ length: 20 }, (_, index) => ({
    id: `attempt-${index}`,
    by: 'host.boot.1.2.3'.padEnd(480, '.'),
    atMs: number,
    outcome: 'issued' as const,
  }));
  return { ...record(number), attempts };
}

/** Fills the file system, and frees `leftBytes` of it again. */
function fill(directory: string, leftBytes: number): void {
  const file = openSync(join(directory, 'filler'), 'w');
  const page = Buffer.alloc(PAGE_BYTES);
  let bytes = 0;
  try {
    for (;;) bytes += writeSync(file, page);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  }
  ftruncateSync(file, bytes - leftBytes);
  closeSync(file);
}

describe('F7: on a full disk', () => {
  for (const leftBytes of [0, PAGE_BYTES, 2 * PAGE_BYTES]) {
    testWithMounts(
      `with ${leftBytes} bytes left, the old record stays, nothing is left behind, and the next write goes on`,
      async () => {
        const directory = tempMount('size=64k');
        const events: FileStorageEvent[] = [];
        const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
        const version = await writeOver(storage, key, 3, 1);
        const before = readdirSync(directory);
        const bytes = readFileSync(join(directory, 'real-1.v3.json'));
        fill(directory, leftBytes);

        for (let tries = 0; tries < 3; tries += 1) {
          await expect(storage.compareAndSet(key, version, largeRecord(4))).rejects.toMatchObject({ code: 'ENOSPC' });
        }
        expect(events).toMatchObject([{ type: 'write-failed', directory, error: { code: 'ENOSPC' } }]);
        await expect(storage.probe()).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(readdirSync(directory).sort()).toEqual([...before, 'filler'].sort());
        expect(readFileSync(join(directory, 'real-1.v3.json'))).toEqual(bytes);
        expect(await storedNumber(createFileStorage({ directory }), key)).toBe(3);

        rmSync(join(directory, 'filler'));
        await storage.probe();
        expect(await storage.compareAndSet(key, version, largeRecord(4))).toMatch(/^4-/);
        expect(await storedNumber(storage, key)).toBe(4);
        expect(readdirSync(directory).sort()).toEqual(['real-1.v2.json', 'real-1.v3.json', 'real-1.v4.json']);
      },
    );
  }

  testWithMounts('without inodes left, the old record stays, and the next write goes on', async () => {
    const directory = tempMount('size=1m,nr_inodes=12');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    const version = await writeOver(storage, key, 3, 1);
    const fillers: string[] = [];
    const plantAll = (): void => {
      for (;;) {
        const path = join(directory, `filler-${fillers.length}`);
        writeFileSync(path, '');
        fillers.push(path);
      }
    };
    expect(plantAll).toThrow(/ENOSPC/);

    await expect(storage.compareAndSet(key, version, record(4))).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(storage.probe()).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(events).toMatchObject([{ type: 'write-failed', error: { code: 'ENOSPC' } }]);
    expect(await storedNumber(storage, key)).toBe(3);
    for (const filler of fillers) rmSync(filler);
    await storage.probe();
    expect(await storage.compareAndSet(key, version, record(4))).toMatch(/^4-/);
  });

  test.each([0, PAGE_BYTES, 2 * PAGE_BYTES])(
    'that takes %i bytes more, the old record stays, nothing is left behind, and the next write goes on',
    async (leftBytes) => {
      const directory = tempDirectory();
      const storage = createFileStorage({ directory });
      const version = await writeOver(storage, key, 3, 1);
      const before = readdirSync(directory);
      const restore = failNewFiles(async (writeFile, bytes) => {
        await writeFile(bytes.subarray(0, leftBytes));
        if (bytes.length > leftBytes) throw fsError('ENOSPC');
      });
      await expect(storage.compareAndSet(key, version, largeRecord(4))).rejects.toMatchObject({ code: 'ENOSPC' });
      await expect(storage.probe()).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readdirSync(directory)).toEqual(before);
      expect(await storedNumber(storage, key)).toBe(3);
      restore();
      expect(await storage.compareAndSet(key, version, largeRecord(4))).toMatch(/^4-/);
    },
  );

  test('that takes no new name (its directory cannot grow) nothing is left behind', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const version = await writeOver(storage, key, 1, 1);
    replace('link', async () => {
      throw fsError('ENOSPC');
    });
    await expect(storage.compareAndSet(key, version, record(2))).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(storage.probe()).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
  });

  test('the token in memory serves, and so does the one on the disk for a process that starts', async () => {
    const directory = tempDirectory();
    const token: Token = { value: 'x'.repeat(120), issuedAtMs: Date.now(), expiresAtMs: Date.now() + 86_400_000 };
    let asked = 0;
    const start = () =>
      createTokenManager({
        appKey: 'PSTESTTESTTESTTESTTESTTESTTESTTEST01',
        appSecret: 'testsecret+/='.repeat(13),
        environment: 'real',
        storage: createFileStorage({ directory }),
        issuer: {
          timeoutMs: 1_000,
          async issue() {
            asked += 1;
            return { token };
          },
        },
      });
    const [running, starting] = [start(), start()];
    await running.getToken();
    failNewFiles(async () => {
      throw fsError('ENOSPC');
    });
    expect((await running.getToken()).expiresAtMs).toBe(token.expiresAtMs);
    expect((await starting.getToken()).expiresAtMs).toBe(token.expiresAtMs);
    expect(asked).toBe(1);
    await Promise.all([running.close(), starting.close()]);
  });
});

describe('F7: a write that fails', () => {
  test('is said once with its remedy, and again only after one has worked', async () => {
    const directory = tempDirectory();
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    const error = fsError('ENOSPC');
    const fail = () =>
      failNewFiles(async () => {
        throw error;
      });
    let restore = fail();
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toBe(error);
    }
    const remedy = `free at least 65536 bytes, and some inodes, where ${directory} is`;
    expect(events).toEqual([{ type: 'write-failed', directory, error, remedy }]);

    restore();
    await writeOver(storage, key, 1, 1);
    // Nothing was written by this one, so nothing has worked either.
    await storage.compareAndSet(key, 'another', record(2));
    restore = fail();
    await expect(storage.delete(key)).rejects.toBe(error);
    expect(events).toHaveLength(2);
    await storage.compareAndSet(key, 'another', record(2));
    await expect(storage.delete(key)).rejects.toBe(error);
    expect(events).toHaveLength(2);
  });
});
