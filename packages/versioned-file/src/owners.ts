import { randomBytes } from 'node:crypto';
import fsSync from 'node:fs';
import fs from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { sha256 } from './sha256.ts';

/** Names what a process leaves behind after it, so that the others can tell whether it is still there. */
export interface Owners {
  /** This process: `<where>-<pid>-<process start>`. */
  readonly self: string;
  /** Whether the process that called itself so has ended. Of one in another place, or of another name, nobody can tell: false. */
  isGone(owner: string): boolean;
  /** A new name: `.kis-<where>-<pid>-<process start>-<random>.tmp`. */
  tempName(): string;
  /**
   * Whether `path` is a temporary file whose owner will not come back to it. `writtenMs`: when a file beside it was written
   * just now, by the clock of the file system, which is another host's on a network mount.
   */
  isAbandoned(path: string, writtenMs: number): Promise<boolean>;
}

/** Nobody can look into another host or pid namespace; no write takes this long. */
const MAX_FOREIGN_AGE_MS = 3_600_000;
/** Of a process whose start the platform does not tell. */
const NO_START = '0';

export function createOwners(): Owners {
  let here: string | undefined;
  let name: string | undefined;
  const where = (): string => (here ??= whereami());

  const owners: Owners = {
    get self() {
      name ??= `${where()}-${process.pid}-${readProcess(process.pid)?.start ?? NO_START}`;
      return name;
    },
    isGone(owner) {
      const [, its, pid, start] = /^([0-9a-f]{8})-(\d+)-(\d+)$/.exec(owner) ?? [];
      return its === where() && pid !== undefined && start !== undefined && !isRunning(Number(pid), start);
    },
    tempName: () => `.kis-${owners.self}-${randomBytes(8).toString('hex')}.tmp`,
    async isAbandoned(path, writtenMs) {
      const [, owner] = /^\.kis-([0-9a-f]{8}-\d+-\d+)-[0-9a-f]+\.tmp$/.exec(basename(path)) ?? [];
      if (owner === undefined) return false;
      if (owner.startsWith(`${where()}-`)) return owners.isGone(owner);
      const { mtimeMs } = await fs.lstat(path);
      return writtenMs - mtimeMs > MAX_FOREIGN_AGE_MS;
    },
  };
  return owners;
}

/** One boot of one host, one pid namespace. */
function whereami(): string {
  const boot = attempt(() => fsSync.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pidNamespace = attempt(() => fsSync.readlinkSync('/proc/self/ns/pid'));
  return sha256(`${hostname()} ${boot ?? ''} ${pidNamespace ?? ''}`).slice(0, 8);
}

function isRunning(pid: number, start: string): boolean {
  const found = readProcess(pid);
  // A stopped process (T) comes back; a zombie (Z) does not.
  if (found?.state === 'Z' || found?.state === 'X') return false;
  if (found !== undefined && start !== NO_START) return found.start === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

// The name of a process stands in brackets and may hold blanks and brackets itself: cut after the last one.
function readProcess(pid: number): { readonly state: string; readonly start: string } | undefined {
  // In a pid namespace of its own a process may still see the /proc of another, where its numbers mean other processes.
  if (attempt(() => fsSync.readlinkSync('/proc/self')) !== String(process.pid)) return undefined;
  const stat = attempt(() => fsSync.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
