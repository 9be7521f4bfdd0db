import fs from 'node:fs/promises';
import { onTestFinished } from 'vitest';

type Call = 'link' | 'open' | 'readdir' | 'rename' | 'rmdir' | 'unlink';
type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** A call of `node:fs/promises` that waits until it is let go on, as in a process that was frozen right there. */
export interface StoppedCall {
  readonly reached: Promise<void>;
  goOn(): void;
}

/** Stops the next call of `name`, before or after its work; calls after it run as ever. */
export function stopNext(name: Call, when: 'before' | 'after'): StoppedCall {
  let reach = (): void => {};
  let goOn = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const restore = replace(name, async (original, args) => {
    restore();
    if (when === 'after') await original(...args);
    reach();
    await released;
    return when === 'before' ? original(...args) : undefined;
  });
  return { reached, goOn };
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

export function fsError(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}
