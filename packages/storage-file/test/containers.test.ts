import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { mount, testWithMounts } from './mounts.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';
const remedyOf = (directory: string, path: string): string =>
  `mount the directory ${directory} into the container, not the single file ${path}`;

describe('F10: a single file that is bind-mounted into a container at `path`', () => {
  testWithMounts(
    'stays as it is, the record is stored, and it is said once that the directory has to be mounted',
    async () => {
      const [directory, host] = [tempDirectory(), tempDirectory()];
      const [path, hostPath] = [join(directory, 'token.json'), join(host, 'token.json')];
      // What this package wrote on the host.
      await writeOver(createFileStorage({ path: hostPath }), key, 1, 1);
      const before = readFileSync(hostPath);
      writeFileSync(path, '');
      mount(path, '--bind', hostPath);
      const { ino } = statSync(path);

      const events: FileStorageEvent[] = [];
      const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
      await writeOver(storage, key, 3, 1);
      expect(await storedNumber(storage, key)).toBe(3);
      expect(statSync(path).ino).toBe(ino);
      expect(readFileSync(path)).toEqual(before);
      expect(events).toMatchObject([
        { type: 'mirror-failed', path, error: { code: 'EBUSY' }, remedy: remedyOf(directory, path) },
      ]);
      expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
  );

  test('is said again only after it could be written (EBUSY by injection)', async () => {
    const directory = tempDirectory();
    const path = join(directory, 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    const refuse = (): (() => void) =>
      replace('rename', async () => {
        throw fsError('EBUSY');
      });
    await writeOver(storage, key, 1, 0);
    let restore = refuse();
    await writeOver(storage, key, 3, 1);
    expect(events).toMatchObject([{ type: 'mirror-failed', path, remedy: remedyOf(directory, path) }]);
    restore();
    await writeOver(storage, key, 1, 4);
    expect(JSON.parse(readFileSync(path, 'utf8')).record).toEqual(record(4));
    restore = refuse();
    await writeOver(storage, key, 2, 5);
    expect(events).toHaveLength(2);
    expect(await storedNumber(storage, key)).toBe(6);
  });
});
