import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';

export interface RunOptions {
  readonly cwd: string;
  /** Put before the others on `PATH`. */
  readonly path?: string | undefined;
}

/** Runs a program to its end and gives what it printed. Rejects with all of its output where it failed. */
export function run(file: string, args: readonly string[], { cwd, path }: RunOptions): Promise<string> {
  // What starts this may lead `require` to the packages of the repository, which no user has.
  const { NODE_PATH: _, NODE_OPTIONS: __, ...env } = process.env;
  if (path !== undefined) env.PATH = path + delimiter + env.PATH;
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`\`${[file, ...args].join(' ').slice(0, 200)}\` failed\n${stdout}${stderr}`.trimEnd()));
    });
  });
}
