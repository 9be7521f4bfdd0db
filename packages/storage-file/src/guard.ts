import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import {
  INNER_NAME,
  listNames,
  openRegularFile,
  type Refusal,
  versionNumbers,
  versionPath,
} from '@kis/versioned-file/parts';
import type { EventSink } from './events.ts';
import type { Location, Place } from './location.ts';
import type { NewestRecord } from './newest-record.ts';
import { isOwn } from './users.ts';

/**
 * Keeps the others of a host out, as far as its modes go: what is ours is tightened, and what is not is reported. Each is
 * said once. What is changed is what was looked at, by its handle: a name may lead elsewhere by then. Never rejects: where
 * nothing can be changed there is still a record to be read. Does nothing without users.
 */
export interface Guard {
  /**
   * Takes the right to write from group and others, unless the directory is sticky: of one that holds a version of ours, or
   * is about to. The one in which somebody's `path` stands is no such directory, and is reported alone.
   */
  checkDirectory(newest: NewestRecord, isWriting: boolean): Promise<void>;
  /** Leaves of the modes of a key's versions what 0600 has, where the newest has more. */
  checkVersions(place: Place, newest: NewestRecord): Promise<void>;
}

const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;
const BEYOND_0600 = 0o7177;

export function createGuard({ directory, mirrorPath }: Location, emit: EventSink): Guard {
  const reported = new Set<string>();
  /** False on a mount that takes a change of a mode and forgets it. */
  let hasModes = true;

  function reportMode(path: string, mode: number): void {
    if (reported.has(path)) return;
    reported.add(path);
    emit({ type: 'mode-tightened', path, mode: octal(mode) });
  }

  function reportExposed(uid: number, mode: number): void {
    if (reported.has(directory)) return;
    reported.add(directory);
    const reason = `is of uid ${uid} and mode ${octal(mode)}: others can remove and replace what is in it`;
    emit({ type: 'directory-exposed', directory, reason });
  }

  async function tightenDirectory(): Promise<void> {
    // The usual case at the price of one call: it stands on the way of every read.
    if (!isExposed((await fs.stat(directory)).mode)) return;
    const handle = await fs.open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      const { uid, mode } = await handle.stat();
      if (!isExposed(mode)) return;
      if (mirrorPath === undefined && isOwn(uid)) {
        await handle.chmod(mode & 0o7777 & ~WRITABLE_BY_OTHERS).catch(() => undefined);
      }
      if (isExposed((await handle.stat()).mode)) reportExposed(uid, mode);
      else reportMode(directory, mode);
    } finally {
      await handle.close();
    }
  }

  async function tightenVersions(place: Place): Promise<void> {
    for (const n of versionNumbers(await listNames(place.directory), place.stem)) {
      const path = versionPath(place, n);
      // One may be gone by now.
      const refusal = await tightenFile(path).catch(() => undefined);
      if (refusal === 'a directory') await tightenFile(join(path, INNER_NAME)).catch(() => undefined);
    }
  }

  async function tightenFile(path: string): Promise<Refusal | undefined> {
    const opened = await openRegularFile(path, 'refuse');
    if (typeof opened === 'string') return opened;
    const { file, found } = opened;
    try {
      const { uid, mode } = found;
      if (!isOwn(uid) || !isWide(mode)) return undefined;
      await file.chmod(mode & 0o600);
      hasModes = !isWide((await file.stat()).mode);
      if (hasModes) reportMode(path, mode);
      return undefined;
    } finally {
      await file.close();
    }
  }

  return {
    async checkDirectory({ access }, isWriting) {
      if (process.geteuid === undefined) return;
      if (isWriting || (access !== undefined && isOwn(access.uid))) await tightenDirectory().catch(() => undefined);
    },
    async checkVersions(place, { access }) {
      if (!hasModes || access === undefined || !isOwn(access.uid) || !isWide(access.mode)) return;
      await tightenVersions(place).catch(() => undefined);
    },
  };
}

function isWide(mode: number): boolean {
  return (mode & BEYOND_0600) !== 0;
}

function isExposed(mode: number): boolean {
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
