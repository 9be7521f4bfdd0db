import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What one process can tell of the others that claim a question to the issuer. */
export interface Claimants {
  /** `host.bootId.pidNamespace.pid.processStart` of this process, `-` for what the platform lacks. */
  readonly self: string;
  /** Whether `by` runs, or ran, where this process runs: same boot of the same host, same pid namespace. */
  isNeighbour(by: string): boolean;
  /** Whether `by` is known to be gone: a neighbour whose pid is free, a zombie's, or another process's by now. A stopped process is alive. */
  isDead(by: string): boolean;
}

export function createClaimants(): Claimants {
  const here = `${hostname() || '-'}.${bootId()}.${pidNamespace()}`;
  const self = `${here}.${process.pid}.${readProcess(process.pid)?.start ?? '-'}`;

  const isNeighbour = (by: string): boolean => by.split('.').slice(0, -2).join('.') === here;
  return {
    self,
    isNeighbour,
    isDead(by) {
      const [pid, start] = by.split('.').slice(-2);
      if (by === self || !isNeighbour(by) || pid === undefined || !/^[1-9]\d*$/.test(pid)) return false;
      if (start === '-') return !answersSignals(Number(pid));
      const found = readProcess(Number(pid));
      // What cannot be read may be alive all the same: descriptors run out, too.
      if (found === undefined) return !answersSignals(Number(pid));
      return found.state === 'Z' || found.state === 'X' || found.start !== start;
    },
  };
}

function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id') ?? '-';
}

function pidNamespace(): string {
  return /\d+/.exec(readLink('/proc/self/ns/pid') ?? '')?.[0] ?? '-';
}

// The name of a process stands in brackets and may hold blanks and brackets itself: cut after the last one.
function readProcess(pid: number): { state: string; start: string } | undefined {
  // In a pid namespace of its own a process may still see the /proc of another, where its numbers mean other processes.
  if (readLink('/proc/self') !== String(process.pid)) return undefined;
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
