import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileStorage, type FileStorageOptions } from '../src/index.ts';
import { locate } from '../src/location.ts';
import { testWithProc } from './mounts.ts';
import { needPosix } from './posix.ts';
import { record, writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

function modes(directory: string): Record<string, string> {
  return Object.fromEntries(
    ['.', ...readdirSync(directory)].map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]),
  );
}

describe('F9: the files', () => {
  test.for([0o000, 0o022, 0o077, 0o277])('are 0600 in a directory of 0700, with umask %o', async (umask, context) => {
    needPosix('modes of files', context);
    const above = join(tempDirectory(), 'cache');
    const directory = join(above, 'kis');
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
    const storage = createFileStorage({ path: join(directory, 'token.json') });
    await writeOver(storage, key, 2, 1);
    expect(modes(above)).toEqual({ '.': '700', kis: '700' });
    expect(modes(directory)).toEqual({
      '.': '700',
      'token.json': '600',
      'token.json.real-1.v1.json': '600',
      'token.json.real-1.v2.json': '600',
    });
  });

  test('leave the mode of a directory that was there as it is', async (context) => {
    needPosix('modes of files', context);
    const directory = join(tempDirectory(), 'project');
    mkdirSync(directory, { mode: 0o755 });
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    expect(modes(directory)).toEqual({ '.': '755', 'real-1.v1.json': '600' });
  });

  test('are written where a directory is there, whatever the platform says of making it', async () => {
    for (const code of ['EPERM', 'EISDIR', 'EROFS']) {
      const directory = tempDirectory();
      const restore = replace('mkdir', async () => {
        throw fsError(code);
      });
      await writeOver(createFileStorage({ directory }), key, 1, 1);
      await expect(
        createFileStorage({ directory: join(directory, 'below') }).compareAndSet(key, undefined, record(1)),
      ).rejects.toMatchObject({ code });
      restore();
      expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    }
  });

  test('cannot be made where a file or a dangling link stands in the place of their directory', async () => {
    const directory = tempDirectory();
    writeFileSync(join(directory, 'file'), '');
    symlinkSync('/nowhere', join(directory, 'link'));
    for (const [name, code] of [
      ['file', 'ENOTDIR'],
      ['link', 'ENOENT'],
    ] as const) {
      for (const where of [join(directory, name), join(directory, name, 'below', 'kis')]) {
        const storage = createFileStorage({ directory: where });
        await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toMatchObject({ code });
      }
    }
  });

  test('are the newest three versions', async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), key, 12, 1);
    expect(readdirSync(directory).sort()).toEqual(['real-1.v10.json', 'real-1.v11.json', 'real-1.v12.json']);
  });
});

describe('F1: the temporary files', () => {
  test('of dead writers are removed by the next write, those of living and of unknown ones stay', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 1, 1);
    const { tempName } = (await import('@kis/versioned-file/parts')).createOwners();
    const own = tempName();
    const [, where, pid, start] = own.slice(1).split('-');
    const plants = {
      own,
      otherStart: `.kis-${where}-${pid}-${Number(start) + 1}-00.tmp`,
      freePid: `.kis-${where}-4194305-1-00.tmp`,
      directoryOfDead: `.kis-${where}-4194305-2-00d.tmp`,
      elsewhere: `.kis-00000000-1-1-00.tmp`,
      oldElsewhere: `.kis-00000000-1-1-01.tmp`,
      foreign: 'somebody.tmp',
    };
    for (const [plant, name] of Object.entries(plants)) {
      if (plant === 'directoryOfDead') mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, plant === 'directoryOfDead' ? 'record.json' : ''), '');
    }
    utimesSync(join(directory, plants.oldElsewhere), 1, 1);
    await writeOver(storage, key, 1, 2);
    expect(
      readdirSync(directory)
        .filter((name) => name.endsWith('.tmp'))
        .sort(),
    ).toEqual([plants.own, plants.elsewhere, plants.foreign].sort());
  });

  testWithProc('of zombies are removed, though their pid is taken', async () => {
    const { spawn } = await import('node:child_process');
    const { createOwners } = await import('@kis/versioned-file/parts');
    // The shell starts a child, becomes sleep, and never asks for the child's end.
    const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void shell.kill('SIGKILL'));
    const pid = Number(await new Promise((resolve) => shell.stdout.once('data', resolve)));
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /));
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const owners = createOwners();
    const where = owners.tempName().split('-')[1];
    expect(await owners.isAbandoned(`/x/.kis-${where}-${pid}-${start}-00.tmp`, 0)).toBe(true);
    expect(await owners.isAbandoned(`/x/.kis-${where}-${shell.pid}-1-00.tmp`, 0)).toBe(true);
  });
});

describe('where the files are', () => {
  test('by default: the cache directory of the user', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/var/caches');
    expect(locate({}).directory).toBe('/var/caches/kis');
    vi.stubEnv('XDG_CACHE_HOME', 'not/absolute');
    expect(locate({}).directory).toBe(join(homedir(), '.cache/kis'));
    vi.stubEnv('XDG_CACHE_HOME', undefined);
    expect(locate({}).directory).toBe(join(homedir(), '.cache/kis'));
    vi.unstubAllEnvs();
  });

  test('a path is taken from the working directory, once', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ path: relative(process.cwd(), join(directory, 'token.json')) });
    await writeOver(storage, key, 1, 1);
    expect(readdirSync(directory).sort()).toEqual(['token.json', 'token.json.real-1.v1.json']);
  });

  test.each<[FileStorageOptions, string]>([
    [{ path: 'a', directory: 'b' }, 'storage-file: `path` and `directory` cannot be given together'],
    [{ path: '' }, 'storage-file: `path` must be the path of a file, got ""'],
    [{ directory: ' ' }, 'storage-file: `directory` must be the path of a directory, got " "'],
    [{ directory: 3 as unknown as string }, 'storage-file: `directory` must be the path of a directory, got 3'],
    [{ onEvent: 5 as unknown as () => void }, 'storage-file: `onEvent` must be a function, got number'],
    [{ path: 'kis/' }, 'storage-file: `path` must end with the name of a file, got "kis/"'],
    [{ path: 'kis/.' }, 'storage-file: `path` must end with the name of a file, got "kis/."'],
    [{ path: '..' }, 'storage-file: `path` must end with the name of a file, got ".."'],
    [{ path: 'x'.repeat(101) }, 'storage-file: the file name in `path` must have at most 100 bytes, got 101'],
  ])('%j is refused at once', (options, message) => {
    expect(() => createFileStorage(options)).toThrow(message);
  });

  test.each(['', 'Real', 'a/b', '..', 'a'.repeat(121), 7])('the key %j is refused, and not shown', async (bad) => {
    const storage = createFileStorage({ directory: tempDirectory() });
    const wrong = bad as string;
    const message = 'storage-file: `key` must match /^[a-z0-9-]{1,120}$/';
    await expect(storage.read(wrong)).rejects.toThrow(new TypeError(message));
    await expect(storage.compareAndSet(wrong, undefined, record(1))).rejects.toThrow(new TypeError(message));
    await expect(storage.delete(wrong)).rejects.toThrow(new TypeError(message));
    expect(() => storage.watch?.(wrong, () => {})).toThrow(new TypeError(message));
  });
});
