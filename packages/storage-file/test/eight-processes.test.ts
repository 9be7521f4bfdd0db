import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { storedNumber } from './records.ts';
import { startWriters, type WriterProcesses } from './writer-processes.ts';

const PROCESSES = 8;
const ROUNDS = 40;

describe('eight processes at one moment', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kis-storage-file-'));
  const storage = createFileStorage({ directory });
  let writers: WriterProcesses;

  beforeAll(async () => {
    writers = await startWriters(directory, PROCESSES);
  }, 60_000);
  afterAll(async () => {
    await writers.end();
    rmSync(directory, { recursive: true });
  });

  test('that expect one version have one winner, and its record is stored', async () => {
    let expected: string | undefined;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const atMs = Date.now() + 15;
      const versions = await writers.ask<string | null>((index) => ({
        type: 'race',
        key: 'real-1',
        number: round * 100 + index,
        atMs,
        ...(expected === undefined ? {} : { expected }),
      }));
      const winners = versions.flatMap((version, index) => (version === null ? [] : [index]));
      expect(winners).toHaveLength(1);
      expect(await storedNumber(storage, 'real-1')).toBe(round * 100 + (winners[0] ?? -1));
      expected = versions[winners[0] ?? -1] ?? '';
    }
  });

  test('that change one record lose no change', async () => {
    await writers.ask<number>((index) => ({ type: 'count', key: 'real-2', name: `writer-${index}`, times: 15 }));
    const counts = (await storage.read('real-2'))?.record.attempts.map(({ id, count }) => `${id}: ${count}`);
    expect(counts?.sort()).toEqual(Array.from({ length: PROCESSES }, (_, index) => `writer-${index}: 15`));
  });

  test('leave nothing behind but three versions of each record', () => {
    const names = readdirSync(directory);
    expect(names.filter((name) => !/^real-[12]\.v\d+\.json$/.test(name))).toEqual([]);
    expect(names).toHaveLength(6);
  });
});
