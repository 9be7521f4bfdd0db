import { join } from 'node:path';
import { hasCode, INNER_NAME, openRegularFile } from './files.ts';
import type { Place } from './place.ts';

/** The file that a version stands in. */
export interface VersionFile {
  readonly mode: number;
  readonly uid: number;
  readonly bytes: Buffer;
}

/** Why what stands there is not read: what follows after its name in a sentence. */
export type VersionRefusal = string;

type MayTrust = Place<unknown>['mayTrust'];

/** A network file system forgets an open file that another host has removed. */
const MAX_STALE_READS = 3;

/** The file at `path`, or inside the directory that was published there. Rejects with ENOENT where nothing is. */
export async function readVersionFile(path: string, mayTrust: MayTrust): Promise<VersionFile | VersionRefusal> {
  const found = await readFresh(path, mayTrust);
  if (found !== 'is a directory') return found;
  try {
    return await readFresh(join(path, INNER_NAME), mayTrust);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return found;
    throw error;
  }
}

async function readFresh(path: string, mayTrust: MayTrust): Promise<VersionFile | VersionRefusal> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readOnce(path, mayTrust);
    } catch (error) {
      // Opened anew it is the file that is there now, or none.
      if (tries === MAX_STALE_READS || !hasCode(error, 'ESTALE')) throw error;
    }
  }
}

async function readOnce(path: string, mayTrust: MayTrust): Promise<VersionFile | VersionRefusal> {
  const opened = await openRegularFile(path, 'refuse');
  if (typeof opened === 'string') return `is ${opened}`;
  const { file, found } = opened;
  try {
    const { mode, uid } = found;
    if (mayTrust !== undefined && !(await mayTrust(uid))) return `belongs to another user (uid ${uid})`;
    return { mode, uid, bytes: await file.readFile() };
  } finally {
    await file.close();
  }
}
