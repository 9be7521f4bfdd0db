import fs from 'node:fs/promises';
import { makeDirectory, tryToWrite } from '@kis/versioned-file/parts';
import type { Location } from './location.ts';
import { isMountPoint } from './mount-point.ts';
import { assertNotLocked, readNewestRecord } from './newest-record.ts';
import { type Failing, remedyOf } from './remedies.ts';

/** More than a record with all its attempts. */
const PROBE_BYTES = 16_384;

/**
 * Makes the directory, reads the newest version of every key there, and writes, syncs and names a file as a write does, under
 * a name that is no version's. Leaves nothing behind but the directory. See `FileStorage.probe` for how it rejects.
 */
export async function probeLocation(location: Location): Promise<void> {
  const { directory, mirrorPath, owners } = location;
  try {
    await makeDirectory(directory);
    await tryToRead(location);
    await tryToWrite(directory, owners, PROBE_BYTES);
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, { directory });
  }
  if (mirrorPath === undefined || !(await isMountPoint(mirrorPath))) return;
  const busy = Object.assign(new Error(`EBUSY: ${mirrorPath} is a mount of its own`), { code: 'EBUSY' });
  throw explain(busy, { directory, path: mirrorPath });
}

async function tryToRead({ directory, placesAmong }: Location): Promise<void> {
  for (const place of placesAmong(await fs.readdir(directory))) assertNotLocked(place, await readNewestRecord(place));
}

function explain(cause: NodeJS.ErrnoException, failing: Failing): Error {
  // What has no code is not of the disk, and says itself what to do.
  if (cause.code === undefined) return cause;
  const remedy = remedyOf(cause, failing);
  const error = new Error(`storage-file: ${failing.directory} takes no record (${cause.message}): ${remedy}`, {
    cause,
  });
  return Object.assign(error, { code: cause.code });
}
