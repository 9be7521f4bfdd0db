import { describe, expect, test } from 'vitest';
import { remedyOf } from '../src/remedies.ts';
import { pretendToBe } from './pretences.ts';
import { fsError } from './stopped-calls.ts';

const directory = '/var/kis';
const path = '/var/kis/token.json';
const remedy = (code: string, where: { directory: string; path?: string } = { directory }): string =>
  remedyOf(fsError(code), where);

describe('the remedy', () => {
  test('of every failure that is known is a sentence of its own', () => {
    pretendToBe(1_000);
    const codes = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOTDIR'];
    codes.push('EEXIST', 'ENOENT', 'ELOOP', 'ENAMETOOLONG', 'ESTALE', 'EIO', 'EXYZ');
    expect(Object.fromEntries(codes.map((code) => [code, remedy(code)]))).toMatchInlineSnapshot(`
      {
        "EACCES": "give uid 1000 permission to read and write /var/kis",
        "EBUSY": "end the program that keeps a file in /var/kis open",
        "EDQUOT": "free at least 65536 bytes of this user's quota where /var/kis is",
        "EEXIST": "keep others from writing into /var/kis",
        "EFBIG": "raise the limit of file sizes (ulimit -f) to at least 65536 bytes",
        "EIO": "check the disk or the mount of /var/kis: the system's log says more",
        "ELOOP": "mend the links that lead to /var/kis",
        "EMFILE": "raise this process's limit of open files (ulimit -n)",
        "ENAMETOOLONG": "choose a directory with a shorter name than /var/kis",
        "ENFILE": "raise the system's limit of open files (fs.file-max)",
        "ENOENT": "make /var/kis; where that is a link, make what it leads to",
        "ENOSPC": "free at least 65536 bytes, and some inodes, where /var/kis is",
        "ENOTDIR": "remove the file that stands where /var/kis or a directory above it should be",
        "EPERM": "give uid 1000 permission to read and write /var/kis",
        "EROFS": "mount what /var/kis is on writable, or choose another directory",
        "ESTALE": "mount the network file system of /var/kis anew",
        "EXYZ": "find out what EXYZ means where /var/kis is",
      }
    `);
  });

  test('of a busy file is that of a container', () => {
    expect(remedy('EBUSY', { directory, path })).toBe(
      'mount the directory /var/kis into the container, not the single file /var/kis/token.json',
    );
  });

  test('of a missing permission names no uid where there are none', () => {
    pretendToBe(undefined);
    expect(remedy('EPERM')).toBe('give this user permission to read and write /var/kis');
  });

  test('of a missing permission names the file that is meant, unless that was a temporary one', () => {
    pretendToBe(1_000);
    const of = (path: string) => remedyOf(Object.assign(fsError('EACCES'), { path }), { directory });
    expect(of('/var/kis/real-1.v1.json')).toBe('give uid 1000 permission to read and write /var/kis/real-1.v1.json');
    expect(of('/var/kis/.kis-1-2-3-4.tmp')).toBe('give uid 1000 permission to read and write /var/kis');
  });

  test('of what has no code is in the error', () => {
    expect(remedyOf(new Error('Remove it'), { directory })).toBe('do what the error says');
  });
});
