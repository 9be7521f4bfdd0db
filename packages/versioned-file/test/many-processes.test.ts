import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createVersionedFile } from '../src/index.ts';
import { tempDirectory } from './temp-directory.ts';
import type { Counts } from './writer-process.ts';
import { startWriters } from './writer-processes.ts';

const PROCESSES = 6;
const TIMES = 40;

test('six processes that update one document at once lose no change, and leave nothing but versions', async () => {
  const directory = tempDirectory();
  const writers = await startWriters(directory, PROCESSES);
  const lost = await Promise.all(
    writers.map(({ ask }, index) => ask<number>({ type: 'count', name: `writer-${index}`, times: TIMES })),
  );
  const found = await createVersionedFile<Counts>({ directory, name: 'counts' }).read();
  expect(found?.value).toEqual(
    Object.fromEntries(Array.from({ length: PROCESSES }, (_, index) => [`writer-${index}`, TIMES])),
  );
  expect(lost.reduce((sum, each) => sum + each)).toBeGreaterThan(0);
  expect(readdirSync(directory).filter((name) => !/^counts\.v\d+\.json$/.test(name))).toEqual([]);
});
