import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path with the home directory for a leading `~/`, which no shell has replaced in a file of variables. */
export function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** What is wrong with a path that begins with `~`. Of another user's home nothing is known here. */
export function findHomeFault(path: string): string | undefined {
  return /^~(?:[^/]|\/*$)/.test(path) ? 'must name a file below ~/ where it begins with ~' : undefined;
}
