import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}

/** Mounts something at `path` until the test is over. */
export function mount(path: string, ...args: string[]): void {
  run('mount', ...args, path);
  onTestFinished(() => run('umount', path));
}

export function remountReadOnly(path: string): void {
  run('mount', '-o', 'remount,ro', path);
}

/** A small file system of its own that goes with the test. `options`: those of tmpfs. */
export function tempMount(options: string): string {
  const path = mkdtempSync(join(tmpdir(), 'kis-storage-file-mount-'));
  // Of two such functions the later one runs first.
  onTestFinished(() => rmdirSync(path));
  mount(path, '-t', 'tmpfs', '-o', `mode=700,${options}`, 'tmpfs');
  return path;
}

type TrialTest = (name: string, run: () => Promise<void>) => void;

/** A test of what root alone may do, or Linux; where a trial of that fails, this is said in the test's place. */
function testOf(what: string, ...[command, ...args]: [string, ...string[]]): TrialTest {
  const mayRun = succeeds(command, args);
  return (name, run) => {
    if (mayRun) return test(name, run);
    test(`${name} (NOT RUN HERE, where this process cannot ${what})`, () => {
      console.warn(`NOT RUN, as this process cannot ${what}: "${name}"`);
    });
  };
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    run(command, ...args);
    return true;
  } catch {
    return false;
  }
}

const MOUNT = 'd=$(mktemp -d) && { mount -t tmpfs tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s; }';

export const testWithMounts: TrialTest = testOf('mount', 'sh', '-c', MOUNT);
export const testWithNamespaces: TrialTest = testOf('make namespaces', 'unshare', '-pf', 'true');
export const testAsRoot: TrialTest = testOf('be another user', 'setpriv', '--reuid=65534', '--clear-groups', 'true');
export const testWithProc: TrialTest = testOf('see processes in /proc', 'test', '-e', '/proc/self/stat');
