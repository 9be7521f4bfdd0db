import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStorage } from '@kis/storage-file';
import type { TokenRecord } from '@kis/token-core';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { compare } from './compare.ts';

const record: TokenRecord = {
  token: { value: 'x'.repeat(350), issuedAtMs: 1, expiresAtMs: 2 },
  attempts: [{ id: '0123456789abcdef-01234567', by: 'host.boot.1.2.3', atMs: 1, outcome: 'issued' }],
  dead: [],
};

export async function benchFiles(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'kis-bench-'));
  const storage = createFileStorage({ directory });
  const body = JSON.stringify(record);
  const plain = join(directory, 'plain.json');
  const key = 'real-bench';
  let version = await storage.compareAndSet(key, undefined, record);
  await writeFileAtomic(plain, body);

  async function writeByHand(): Promise<void> {
    const temp = `${plain}.tmp`;
    const file = await open(temp, 'w', 0o600);
    await file.writeFile(body);
    await file.sync();
    await file.close();
    await rename(temp, plain);
  }
  async function lockAndWrite(): Promise<void> {
    const release = await lockfile.lock(plain, { realpath: false });
    await readFile(plain, 'utf8');
    await writeFileAtomic(plain, body);
    await release();
  }

  try {
    await compare('reading the token file', 'us', [
      { name: 'fs readFile and JSON.parse', run: async () => JSON.parse(await readFile(plain, 'utf8')) },
      { name: '@kis/storage-file read (bar: p50 1,000 us)', run: () => storage.read(key) },
    ]);
    await compare('writing it', 'us', [
      { name: 'temp file, fsync, rename', run: writeByHand },
      { name: 'write-file-atomic', run: () => writeFileAtomic(plain, body) },
      {
        name: 'proper-lockfile lock and unlock',
        run: async () => (await lockfile.lock(plain, { realpath: false }))(),
      },
      { name: 'proper-lockfile, read, write-file-atomic, unlock', run: lockAndWrite },
      {
        name: '@kis/storage-file compareAndSet (bar: p50 3,000 us)',
        run: async () => {
          version = await storage.compareAndSet(key, version, record);
        },
      },
    ]);
  } finally {
    await storage.close?.();
    rmSync(directory, { recursive: true, force: true });
  }
}
