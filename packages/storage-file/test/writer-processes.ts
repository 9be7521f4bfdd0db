import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order } from './writer-process.ts';

/** Processes that write to one directory, as they are asked to. */
export interface WriterProcesses {
  readonly children: readonly ChildProcess[];
  /** Gives each process its order, and waits for all answers. */
  ask<T>(order: (index: number) => Order): Promise<T[]>;
  end(): Promise<void>;
}

export async function startWriters(directory: string, count: number, ...keys: string[]): Promise<WriterProcesses> {
  const children = Array.from({ length: count }, () =>
    fork(new URL('./writer-process.boot.mjs', import.meta.url), [directory, ...keys], {
      execArgv: ['--unhandled-rejections=strict'],
    }),
  );
  await Promise.all(children.map((child) => once(child, 'message')));

  return {
    children,
    ask<T>(order: (index: number) => Order) {
      return Promise.all(
        children.map(async (child, index) => {
          child.send(order(index));
          return answer<T>(child);
        }),
      );
    },
    async end() {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const exit = once(child, 'exit');
          child.kill('SIGKILL');
          await exit;
        }),
      );
    },
  };
}

/** The next message; a rejection when the process ends instead. */
function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(message as T);
    };
    const onExit = (code: number | null): void => {
      child.off('message', onMessage);
      reject(new Error(`A writer ended with ${code}`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}
