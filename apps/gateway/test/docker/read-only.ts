import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';

export interface Contained {
  readonly child: ChildProcess;
  /** Whether a file can be made there, below `app` or elsewhere: by root among the process's own mounts, else by its user. */
  mayWrite(path: string): boolean;
}

const USER = 1_000;
/** A tree that nobody can write to, and one folder in it that can be; then the command, as somebody who is nobody. */
const SCRIPT = `set -e
app=$1 writable=$2
mount --bind "$app" "$app"
mount --bind "$writable" "$writable"
mount -o remount,bind,ro "$app"
mount -o remount,bind,ro /
shift 2
cd "$app"
exec setpriv --reuid ${USER} --regid ${USER} --clear-groups --no-new-privs --bounding-set=-all -- "$@"`;

/**
 * Runs a command as an image with `read_only` and one volume would be: on mounts of its own where this host gives any,
 * else on a tree that is root's.
 */
export function startReadOnly(options: {
  readonly app: string;
  readonly writable: string;
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
}): Contained {
  const { app, writable, command, env } = options;
  const mounts = (...run: string[]) => [
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    SCRIPT,
    'sh',
    app,
    writable,
    ...run,
  ];
  if (succeeds('unshare', mounts('true'))) {
    const child = spawn('unshare', mounts(...command), { env });
    const target = ['--target', String(child.pid), '--mount'];
    return { child, mayWrite: (path) => succeeds('nsenter', [...target, 'touch', resolve(app, path)]) };
  }
  console.warn("READ-ONLY BY OWNER ALONE, as this host gives no mounts of one's own (unshare, mount, setpriv)");
  const [program, ...args] = command;
  const asUser = { cwd: app, uid: USER, gid: USER };
  return {
    child: spawn(program, args, { ...asUser, env }),
    mayWrite: (path) => succeeds('touch', [path], asUser),
  };
}

function succeeds(program: string, args: readonly string[], options: object = {}): boolean {
  try {
    execFileSync(program, args, { ...options, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
