import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { storedNumber, writeOver } from './records.ts';
import { stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

/** The files in which a token can be found. */
function filesWithToken(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(`${directory}/${entry.name}`, 'utf8').includes('"token-'))
    .map(({ name }) => name);
}

describe('a delete', () => {
  test('leaves no token on the disk', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 3, 1);
    await storage.delete(key);
    expect(readdirSync(directory)).toEqual(['real-1.v4.json']);
    expect(readFileSync(`${directory}/real-1.v4.json`, 'utf8')).not.toContain('token-3');
    await storage.delete(key);
    expect(readdirSync(directory)).toEqual(['real-1.v5.json']);
  });

  test('leaves a record that comes right after it', async () => {
    const directory = tempDirectory();
    const [deleting, writing] = [createFileStorage({ directory }), createFileStorage({ directory })];
    await writeOver(writing, key, 1, 1);
    const stop = stopNext('link', 'after');
    const deletion = deleting.delete(key);
    await stop.reached;
    expect(await writing.read(key)).toBeUndefined();
    await writeOver(writing, key, 1, 2);
    stop.goOn();
    await deletion;
    expect(await storedNumber(writing, key)).toBe(2);
  });

  test('that comes second deletes what the first one wrote', async () => {
    const directory = tempDirectory();
    const [deleting, writing] = [createFileStorage({ directory }), createFileStorage({ directory })];
    await writeOver(writing, key, 1, 1);
    const stop = stopNext('link', 'before');
    const deletion = deleting.delete(key);
    await stop.reached;
    await writeOver(writing, key, 1, 2);
    stop.goOn();
    await deletion;
    expect(await writing.read(key)).toBeUndefined();
  });

  test('that was frozen or killed halfway is finished by the next one', async () => {
    const directory = tempDirectory();
    const path = `${directory}/token.json`;
    const [frozen, other] = [createFileStorage({ path }), createFileStorage({ path })];
    await writeOver(other, key, 3, 1);
    const stop = stopNext('link', 'after');
    const deletion = frozen.delete(key);
    await stop.reached;
    expect(filesWithToken(directory)).toHaveLength(4);
    await other.delete(key);
    expect(filesWithToken(directory)).toEqual([]);
    expect(JSON.parse(readFileSync(path, 'utf8')).record).toBeNull();
    stop.goOn();
    await deletion;
    expect(readdirSync(directory).sort()).toEqual(['token.json', 'token.json.real-1.v5.json']);
  });

  test('removes the copies of damaged versions, those of other keys stay', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    for (const each of [key, 'real-2']) {
      await writeOver(storage, each, 1, 1);
      const path = `${directory}/${each}.v1.json`;
      writeFileSync(path, `${readFileSync(path, 'utf8')}#`);
      await storage.read(each);
    }
    await storage.delete(key);
    expect(readdirSync(directory).filter((name) => name.startsWith(key))).toEqual(['real-1.v2.json']);
    expect(filesWithToken(directory)).toEqual([expect.stringMatching(/^real-2\.damaged-/), 'real-2.v1.json']);
  });
});
