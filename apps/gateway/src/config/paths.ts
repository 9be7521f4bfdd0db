import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Env } from './variables.ts';

const NAMES_A_PATH = /_FILE(?:_PATH)?$/;

/**
 * The same variables, where all that name a path name a whole one: `~/` is the home directory, and a relative one is taken
 * from where the command was given, since pnpm runs us in our own folder. Where nobody says where that was, from ours.
 */
export function resolvePaths(env: Env): Env {
  const from = env.INIT_CWD ?? process.cwd();
  const resolveOne = (path: string) => {
    if (path.startsWith('~/')) return join(homedir(), path.slice(2));
    // Not by `resolve`, which takes away the slash by which a directory is told from a file.
    return path === '' || isAbsolute(path) ? path : join(from, path);
  };
  const all = Object.entries(env).map(([name, value]) => [
    name,
    NAMES_A_PATH.test(name) && value !== undefined ? resolveOne(value.trim()) : value,
  ]);
  return Object.fromEntries(all);
}
