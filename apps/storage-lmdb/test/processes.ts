import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TokenStorage } from '@kis/token-core';
import type { Method } from './child.ts';

/** A process with a storage of its own over the database. */
export interface StorageProcess {
  readonly child: ChildProcess;
  ask<T>(method: Method, ...args: unknown[]): Promise<T>;
  /** The process's storage, as if it were here. */
  readonly storage: TokenStorage;
  /** By SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** `maxFileKb`: the most that it may write into a file, as if the disk ended there. */
export async function startProcess(
  path: string,
  { maxFileKb }: { readonly maxFileKb?: number } = {},
): Promise<StorageProcess> {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  const program = [process.execPath, '--unhandled-rejections=strict', '--import', 'tsx', script, path] as const;
  const [command, ...args] =
    maxFileKb === undefined
      ? program
      : (['sh', '-c', `ulimit -f ${2 * maxFileKb}; exec "$@"`, 'sh', ...program] as const);
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const gone = once(child, 'exit');
  // Comes behind all that the process has said.
  const silent = once(child, 'disconnect');
  await Promise.race([
    once(child, 'message'),
    gone.then(([code]) => Promise.reject(new Error(`ended with ${code}: ${stderr}`))),
  ]);

  let lastId = 0;
  function ask<T>(method: Method, ...args: unknown[]): Promise<T> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      const onMessage = (message: { id?: number; result?: T; error?: unknown }): void => {
        if (message.id !== id) return;
        child.off('message', onMessage);
        if ('error' in message) reject(message.error);
        else resolve(message.result as T);
      };
      child.on('message', onMessage);
      child.send({ id, method, args });
    });
  }
  return {
    child,
    ask,
    storage: {
      read: (key) => ask('read', key),
      compareAndSet: (key, expected, record) => ask('compareAndSet', key, expected, record),
      delete: (key) => ask('delete', key),
    },
    async kill() {
      child.kill('SIGKILL');
      await Promise.all([gone, silent]);
    },
  };
}

/** The directory of an empty database, and its end. */
export function createDatabase(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'kis-storage-lmdb-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
