import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStorage } from '@kis/storage-file';
import type { TokenRecord } from '@kis/token-core';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { type Comparison, compare, costOf } from './compare.ts';
import type { Bar, Table } from './table.ts';

const record: TokenRecord = {
  token: { value: 'x'.repeat(350), issuedAtMs: 1, expiresAtMs: 2 },
  attempts: [{ id: '0123456789abcdef-01234567', by: 'host.boot.1.2.3', atMs: 1, outcome: 'issued' }],
  dead: [],
};

const ourRead = '@kis/storage-file read';
const ourWrite = '@kis/storage-file compareAndSet';

/** What it takes to read and to write the token's file. */
export async function benchFiles(): Promise<readonly Table[]> {
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
  async function lock(): Promise<void> {
    const release = await lockfile.lock(plain, { realpath: false });
    await release();
  }
  async function lockAndWrite(): Promise<void> {
    const release = await lockfile.lock(plain, { realpath: false });
    await readFile(plain, 'utf8');
    await writeFileAtomic(plain, body);
    await release();
  }
  async function writeOurs(): Promise<void> {
    version = await storage.compareAndSet(key, version, record);
  }

  const subject = (name: string, run: () => Promise<unknown>) => ({ name, measure: () => costOf(run) });
  try {
    const reads = await compare('us', [
      subject('fs readFile and JSON.parse', async () => JSON.parse(await readFile(plain, 'utf8'))),
      subject(ourRead, () => storage.read(key)),
    ]);
    const writes = await compare('us', [
      subject('temp file, fsync, rename', writeByHand),
      subject('write-file-atomic', () => writeFileAtomic(plain, body)),
      subject('proper-lockfile lock and unlock', lock),
      subject('proper-lockfile, read, write-file-atomic, unlock', lockAndWrite),
      subject(ourWrite, writeOurs),
    ]);
    return [
      { title: 'Token file: reading it', ...reads.table, bars: [bar(reads, ourRead, 1_000)] },
      { title: 'Token file: writing it', ...writes.table, bars: [bar(writes, ourWrite, 3_000)] },
    ];
  } finally {
    await storage.close?.();
    rmSync(directory, { recursive: true, force: true });
  }
}

function bar({ cost }: Comparison, name: string, mostUs: number): Bar {
  const us = cost(name);
  return {
    promise: `\`${name}\` takes at most ${mostUs.toLocaleString('en-US')} us`,
    seen: `${us.toFixed(0)} us`,
    isMet: us <= mostUs,
  };
}
