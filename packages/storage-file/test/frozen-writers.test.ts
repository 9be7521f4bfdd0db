import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { replace, skipPauses, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

describe('F3: a writer that was frozen', () => {
  test('before its link has lost when another was first', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const stop = stopNext('link', 'before');
    const late = frozen.compareAndSet(key, undefined, record(1));
    await stop.reached;
    await writeOver(other, key, 1, 2);
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await storedNumber(other, key)).toBe(2);
    expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
  });

  test('before its link has lost, too, when the others have cleaned its number up', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const version = await writeOver(other, key, 2, 1);
    const stop = stopNext('link', 'before');
    const late = frozen.compareAndSet(key, version, record(100));
    await stop.reached;
    await writeOver(other, key, 5, 3);
    expect(readdirSync(directory)).not.toContain('real-1.v3.json');
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await storedNumber(other, key)).toBe(7);
    expect(readdirSync(directory).sort()).toEqual(['real-1.v5.json', 'real-1.v6.json', 'real-1.v7.json']);
  });

  test('before its link has lost when what it expects was stored, deleted and cleaned up meanwhile', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const stop = stopNext('link', 'before');
    const late = frozen.compareAndSet(key, undefined, record(100));
    await stop.reached;
    await writeOver(other, key, 1, 1);
    await other.delete(key);
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await other.read(key)).toBeUndefined();
    expect(readdirSync(directory)).toEqual(['real-1.v2.json']);
  });

  test('after its link has won when the next record was built upon its own', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const stop = stopNext('link', 'after');
    const late = frozen.compareAndSet(key, undefined, record(1));
    await stop.reached;
    const seen = await other.read(key);
    expect(seen?.record).toEqual(record(1));
    await writeOver(other, key, 1, 2);
    stop.goOn();
    expect(await late).toBe(seen?.version);
    expect(await storedNumber(other, key)).toBe(2);
  });

  test('after its link, until its record was cleaned up, takes nothing from the newer one', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const stop = stopNext('link', 'after');
    const late = frozen.compareAndSet(key, undefined, record(1));
    await stop.reached;
    await writeOver(other, key, 5, 2);
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await storedNumber(other, key)).toBe(6);
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('has lost when its directory was replaced, and leaves what the others began there', async () => {
    for (const writesBefore of [0, 3]) {
      const directory = tempDirectory();
      const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
      await writeOver(other, key, writesBefore, 1);
      const expected = (await other.read(key))?.version;
      const stop = stopNext('link', 'after');
      const late = frozen.compareAndSet(key, expected, record(100));
      await stop.reached;
      rmSync(directory, { recursive: true });
      mkdirSync(directory);
      await writeOver(other, key, 1, 50);
      stop.goOn();
      expect(await late).toBeUndefined();
      expect(await storedNumber(other, key)).toBe(50);
    }
  });

  test.each([
    ['what it expects', 'as far again', 2, (_path: string) => {}],
    ['a damaged version', 'as far again', 2, (path: string) => writeFileSync(path, 'null')],
    ['a damaged version', 'less far', 1, (path: string) => writeFileSync(path, 'null')],
  ])(
    'over %s has lost when the directory was emptied meanwhile and others came %s',
    async (_what, _far, count, change) => {
      const directory = tempDirectory();
      const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
      await writeOver(other, key, 2, 1);
      change(`${directory}/real-1.v2.json`);
      const expected = (await other.read(key))?.version;
      const stop = stopNext('link', 'before');
      const late = frozen.compareAndSet(key, expected, record(100));
      await stop.reached;
      for (const name of readdirSync(directory)) if (name.includes('.v')) rmSync(`${directory}/${name}`);
      const version = await writeOver(other, key, count, 50);
      stop.goOn();
      expect(await late).toBeUndefined();
      expect(await other.read(key)).toEqual({ record: record(49 + count), version });
    },
  );

  test('has lost when somebody removed its own version, and another wrote one of that number', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const expected = await writeOver(other, key, 1, 1);
    const stop = stopNext('link', 'after');
    const late = frozen.compareAndSet(key, expected, record(100));
    await stop.reached;
    rmSync(`${directory}/real-1.v2.json`);
    const version = await other.compareAndSet(key, expected, record(2));
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await other.read(key)).toEqual({ record: record(2), version });
  });

  test('has lost when the version that it expects was damaged meanwhile', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const version = await writeOver(storage, key, 1, 1);
    const stop = stopNext('link', 'before');
    const late = storage.compareAndSet(key, version, record(100));
    await stop.reached;
    writeFileSync(`${directory}/real-1.v1.json`, 'null');
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await storage.read(key)).toBeUndefined();
    expect(await storage.compareAndSet(key, undefined, record(2))).toBeTypeOf('string');
  });

  test('has lost when somebody removed the version that it expects', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const version = await writeOver(storage, key, 1, 1);
    const stop = stopNext('link', 'before');
    const late = storage.compareAndSet(key, version, record(100));
    await stop.reached;
    rmSync(`${directory}/real-1.v1.json`);
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await storage.read(key)).toBeUndefined();
  });

  test('of a first version has lost when its listing shows none of the newer ones that came meanwhile', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const stop = stopNext('link', 'before');
    const late = frozen.compareAndSet(key, undefined, record(100));
    await stop.reached;
    await writeOver(other, key, 5, 1);
    // A listing in several steps may miss both what goes and what comes between them.
    const restore = replace('readdir', async (original, args) => {
      restore();
      const before = (await original(...args)) as string[];
      await writeOver(other, key, 3, 6);
      return before.filter((name) => name === 'real-1.v1.json');
    });
    stop.goOn();
    expect(await late).toBeUndefined();
    expect(await storedNumber(other, key)).toBe(8);
  });

  test('keeps nobody waiting for more than 300 ms', async () => {
    const directory = tempDirectory();
    const [frozen, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
    await writeOver(other, key, 1, 1);
    const version = await writeOver(other, key, 1, 2);
    const stop = stopNext('link', 'before');
    const late = frozen.compareAndSet(key, version, record(100));
    await stop.reached;
    const startMs = performance.now();
    await writeOver(other, key, 1, 3);
    expect(performance.now() - startMs).toBeLessThan(300);
    stop.goOn();
    expect(await late).toBeUndefined();
  });
});

describe('a reader', () => {
  test('does not take a listing that shows nothing for an empty storage', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 3, 1);
    const restore = replace('readdir', async () => {
      restore();
      return [];
    });
    expect(await storedNumber(storage, key)).toBe(3);
  });

  test('looks again when what it listed was cleaned up before it could read it', async () => {
    const directory = tempDirectory();
    const [reader, writer] = [createFileStorage({ directory }), createFileStorage({ directory })];
    await writeOver(writer, key, 1, 1);
    const stop = stopNext('open', 'before');
    const reading = storedNumber(reader, key);
    await stop.reached;
    await writeOver(writer, key, 5, 2);
    stop.goOn();
    expect(await reading).toBe(6);
  });

  test('gives up where a listed file is never there', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    replace('readdir', async () => ['real-1.v1.json']);
    skipPauses();
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
