import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createVersionedFile, type VersionedFile } from '../src/index.ts';
import { needPosix } from './posix.ts';
import { stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';
import type { Counts, Point } from './writer-process.ts';
import { startWriters, type WriterProcess } from './writer-processes.ts';

function openCounts(directory: string): VersionedFile<Counts> {
  return createVersionedFile({ directory, name: 'counts', isDurable: false });
}

/** With three versions there, and a writer that is about to write over the last of them. */
async function setUp(): Promise<{ directory: string; file: VersionedFile<Counts>; writer: WriterProcess }> {
  const directory = tempDirectory();
  const file = openCounts(directory);
  await update(file, 3);
  const [writer] = await startWriters(directory, 1);
  if (writer === undefined) throw new Error('No writer');
  return { directory, file, writer };
}

/** Counts on; each update succeeds at its first try, as of one that is alone. */
async function update(file: VersionedFile<Counts>, times: number): Promise<void> {
  for (let done = 0; done < times; done += 1) {
    const found = await file.read();
    const version = await file.compareAndSet(found?.version, { ...found?.value, count: (found?.value.count ?? 0) + 1 });
    expect(version).toBeTypeOf('string');
  }
}

const late: Counts = { late: 1 };

describe('a writer that is killed', () => {
  beforeEach((context) => needPosix('signals', context));

  test.each<[Point, Counts]>([
    ['before open', { count: 3 }],
    ['after open', { count: 3 }],
    ['before link', { count: 3 }],
    ['after link', late],
    ['before unlink', late],
    ['before readdir', late],
  ])('%s costs the others nothing, and leaves nothing that the next write does not remove', async (at, stored) => {
    const { directory, file, writer } = await setUp();
    writer.child.send({ type: 'write', value: late, at, signal: 'SIGKILL' });
    expect(await once(writer.child, 'exit')).toEqual([null, 'SIGKILL']);
    expect((await file.read())?.value).toEqual(stored);
    await update(file, 1);
    expect((await file.read())?.value).toEqual({ ...stored, count: (stored.count ?? 0) + 1 });
    expect(readdirSync(directory).filter((name) => !/^counts\.v\d+\.json$/.test(name))).toEqual([]);
  });
});

describe('a writer that is frozen', () => {
  beforeEach((context) => needPosix('signals', context));

  test.each<Point>(['before open', 'after open', 'before link'])(
    '%s holds nobody up, is told that others were first, and changes nothing',
    async (at) => {
      const { directory, file, writer } = await setUp();
      let count = 3;
      for (const updates of [1, 20]) {
        const answer = await freeze(writer, at);
        await update(file, updates);
        count += updates;
        writer.child.kill('SIGCONT');
        expect(await answer()).toBeNull();
        expect((await file.read())?.value).toEqual({ count });
        expect(readdirSync(directory).sort()).toEqual(newestVersions(count));
      }
    },
  );

  test.each<Point>(['after link', 'before unlink', 'before readdir'])(
    '%s holds nobody up, and is told its version unless more than eight others came after it',
    async (at) => {
      const { directory, file, writer } = await setUp();
      let n = 3;
      for (const updates of [0, 1, 8, 9, 20]) {
        const answer = await freeze(writer, at);
        const found = await file.read();
        expect(found?.value).toEqual(late);
        await update(file, updates);
        n += 1 + updates;
        writer.child.kill('SIGCONT');
        expect(await answer()).toBe(updates > 8 ? null : found?.version);
        expect((await file.read())?.value).toEqual(updates === 0 ? late : { ...late, count: updates });
        expect(readdirSync(directory).sort()).toEqual(newestVersions(n));
      }
    },
  );

  test('has lost, of a first version, too, when the others have cleaned its number up', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [openCounts(directory), openCounts(directory)];
    const stop = stopNext('link', 'before');
    const answer = frozen.compareAndSet(undefined, late);
    await stop.reached;
    await update(other, 20);
    stop.goOn();
    expect(await answer).toBeUndefined();
    expect((await other.read())?.value).toEqual({ count: 20 });
    expect(readdirSync(directory).sort()).toEqual(newestVersions(20));
  });

  test('has lost when somebody emptied the directory meanwhile, and the others came as far again', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [openCounts(directory), openCounts(directory)];
    await update(other, 3);
    const stop = stopNext('link', 'before');
    const answer = frozen.compareAndSet((await frozen.read())?.version, late);
    await stop.reached;
    for (const name of readdirSync(directory)) if (name.endsWith('.json')) rmSync(`${directory}/${name}`);
    await update(other, 3);
    stop.goOn();
    expect(await answer).toBeUndefined();
    expect((await other.read())?.value).toEqual({ count: 3 });
    expect(readdirSync(directory).sort()).toEqual(newestVersions(3));
  });
});

/** Resolves when the writer stands still; gives the way to its answer. */
async function freeze(writer: WriterProcess, at: Point): Promise<() => Promise<string | null>> {
  const answer = writer.ask<string | null>({ type: 'write', value: late, at, signal: 'SIGSTOP' });
  await writer.standsStill();
  return () => answer;
}

/** The names of the eight versions that end with `n`. */
function newestVersions(n: number): string[] {
  return Array.from({ length: Math.min(8, n) }, (_, index) => `counts.v${n - index}.json`).sort();
}
