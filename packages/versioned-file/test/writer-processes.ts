import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import type { Order } from './writer-process.ts';

/** A process that writes as it is asked to, and goes with the test. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** Gives it its order, and waits for the answer. */
  ask<T>(order: Order): Promise<T>;
  /** Resolves when a signal has stopped it. */
  standsStill(): Promise<void>;
}

export function startWriters(directory: string, count: number): Promise<WriterProcess[]> {
  return Promise.all(Array.from({ length: count }, () => startWriter(directory)));
}

async function startWriter(directory: string): Promise<WriterProcess> {
  const child = fork(new URL('./writer-process.boot.mjs', import.meta.url), [directory]);
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  });
  await once(child, 'message');

  return {
    child,
    ask<T>(order: Order) {
      return new Promise<T>((resolve, reject) => {
        child.once('message', (message) => resolve(message as T));
        child.once('exit', (code) => reject(new Error(`A writer ended with ${code}`)));
        child.send(order);
      });
    },
    async standsStill() {
      await expect.poll(() => stateOf(child), { timeout: 10_000 }).toMatch(/^T/);
    },
  };
}

function stateOf({ pid }: ChildProcess): string {
  return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' });
}
