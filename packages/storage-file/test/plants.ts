import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** What can stand where a file should be; the first word of a reason that names it. */
export const PLANTS: readonly (readonly [what: string, plant: (path: string) => unknown, reason: string])[] = [
  ['a symbolic link', (path) => symlinkSync('/etc/hostname', path), 'is a symbolic link'],
  ['a dangling symbolic link', (path) => symlinkSync('/nowhere', path), 'is a symbolic link'],
  ['a directory', (path) => mkdirSync(path), 'is a directory'],
  ['a FIFO', (path) => execFileSync('mkfifo', [path]), 'is not a regular file'],
  ['a file of 10 MiB', (path) => writeFileSync(path, Buffer.alloc(10 << 20), { mode: 0o600 }), 'is too large'],
  [
    'a socket',
    (path) => {
      const server = createServer().listen(path);
      onTestFinished(() => void server.close());
      return new Promise((resolve) => server.once('listening', resolve));
    },
    'is not a regular file',
  ],
];
