import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A program that runs and does not outlive this process. */
export interface Child {
  readonly pid: number;
  readonly hasEnded: boolean;
  signal(signal: NodeJS.Signals): void;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * The shell becomes the program, so that its pid is the program's. What it leaves behind kills the program and removes the
 * directory as soon as our end of the pipe is closed without a line, as also SIGKILL closes it.
 */
const underWatch = `
directory=$1
shift
{ read -r _ <&3 || { kill -9 $$; rm -rf "$directory"; }; } >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/** Resolves when the program prints `ready`; to what it printed where it ends before. */
export async function startChild(
  command: readonly string[],
  directory: string,
  ready: string,
): Promise<Child | string> {
  const child = spawn('sh', ['-c', underWatch, 'sh', directory, ...command], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  // Not stdin, which Node closes when the child ends.
  const watch = child.stdio[3] as Writable;
  watch.on('error', () => {});
  let hasEnded = false;
  const end = once(child, 'exit').then(() => {
    hasEnded = true;
    watch.end('\n');
  });
  const printed = await untilReady(child, ready, end);
  if (printed !== undefined) return printed;
  return {
    pid: child.pid as number,
    get hasEnded() {
      return hasEnded;
    },
    signal(signal) {
      if (!hasEnded) child.kill(signal);
    },
    async kill() {
      if (!hasEnded) child.kill('SIGKILL');
      await end;
    },
  };
}

async function untilReady(child: ChildProcess, ready: string, end: Promise<void>): Promise<string | undefined> {
  let printed = '';
  const isReady = new Promise<true>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes(ready)) resolve(true);
    });
  });
  if ((await Promise.race([isReady, end])) !== true) return printed;
  child.stdout?.removeAllListeners('data').resume();
  return undefined;
}
