import fs, { type FileHandle } from 'node:fs/promises';
import { onTestFinished, vi } from 'vitest';

type Call =
  | 'chmod'
  | 'link'
  | 'lstat'
  | 'mkdir'
  | 'open'
  | 'readdir'
  | 'readFile'
  | 'rename'
  | 'rmdir'
  | 'stat'
  | 'unlink';
type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** A call of `node:fs/promises` that waits until it is let go on, as in a process that was frozen right there. */
export interface StoppedCall {
  readonly reached: Promise<void>;
  goOn(): void;
}

/** Stops the next call of `name` that touches `path`, before or after its work; calls after it run as ever. */
export function stopNext(name: Call, when: 'before' | 'after', path?: string): StoppedCall {
  let reach = (): void => {};
  let goOn = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const restore = replace(name, async (original, args) => {
    if (path !== undefined && !args.includes(path)) return original(...args);
    restore();
    if (when === 'after') await original(...args);
    reach();
    await released;
    return when === 'before' ? original(...args) : undefined;
  });
  return { reached, goOn };
}

/** Makes `act` happen right before the `n`th call of `name` that touches `path`. */
export function runBefore(name: Call, path: string, act: () => void, n = 1): void {
  let calls = 0;
  replace(name, async (original, args) => {
    if (args.includes(path)) calls += 1;
    if (args.includes(path) && calls === n) act();
    return original(...args);
  });
}

/** Puts `change` in the place of a call until the test is over or the returned function is called. */
export function replace(name: Call, change: (original: AnyCall, args: unknown[]) => Promise<unknown>): () => void {
  const calls = fs as unknown as Record<Call, AnyCall>;
  const original = calls[name];
  const restore = (): void => {
    calls[name] = original;
  };
  calls[name] = (...args) => change(original, args);
  onTestFinished(restore);
  return restore;
}

/** Puts `write` in the place of writing into every new file. */
export function failNewFiles(
  write: (original: (bytes: Buffer) => Promise<void>, bytes: Buffer) => Promise<void>,
): () => void {
  return replace('open', async (original, args) => {
    const file = (await original(...args)) as FileHandle;
    if (args[1] === 'wx') {
      const writeFile = file.writeFile.bind(file);
      file.writeFile = async (data) => write(writeFile, data as Buffer);
    }
    return file;
  });
}

export function fsError(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}

/** Makes the pauses between tries take no time, and tells how long they would have been. */
export function skipPauses(): { totalMs: number } {
  const pauses = { totalMs: 0 };
  const original = setTimeout;
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms = 0) => {
    if (ms > 1_000) return original(run, ms);
    pauses.totalMs += ms;
    return setImmediate(run);
  }) as unknown as typeof setTimeout);
  onTestFinished(() => spy.mockRestore());
  return pauses;
}
