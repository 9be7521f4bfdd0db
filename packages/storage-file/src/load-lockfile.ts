import fs from 'node:fs';
import { createRequire, Module } from 'node:module';

type Lockfile = typeof import('proper-lockfile');

/**
 * Loads proper-lockfile without what it brings, which would change the whole process and its ends: signal-exit listens for
 * all signals and replaces `process.emit` and `process.reallyExit`, graceful-fs replaces functions of `node:fs`. In their
 * places it gets one plain listener for 'exit', for all locks of the process, and `node:fs` itself.
 */
export function loadLockfile(): Lockfile {
  const require = createRequire(import.meta.url);
  const path = require.resolve('proper-lockfile');
  const { cache, resolve } = createRequire(path);
  const onExit = (removeLocks: () => void): unknown => process.on('exit', removeLocks);
  const restore = [
    replaceModule(cache, resolve('signal-exit'), onExit),
    replaceModule(cache, resolve('graceful-fs'), fs),
  ];
  try {
    return require(path);
  } finally {
    for (const each of restore) each();
  }
}

/** Gives `exports` to whoever asks for a module, until the returned function is called. */
function replaceModule(cache: NodeJS.Dict<NodeJS.Module>, path: string, exports: unknown): () => void {
  const original = cache[path];
  cache[path] = Object.assign(new Module(path), { loaded: true, exports });
  return () => {
    if (original === undefined) delete cache[path];
    else cache[path] = original;
  };
}
