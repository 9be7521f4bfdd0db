import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, removeQuietly, syncDirectory, writeNewFile } from './files.ts';
import { giveName } from './give-name.ts';
import type { Location } from './location.ts';
import { isMountPoint } from './mount-point.ts';
import type { Owners } from './owners.ts';
import { assertNotLocked } from './publish.ts';
import { type Failing, remedyOf } from './remedies.ts';
import { readNewest } from './versions.ts';

/** More than a record with all its attempts. */
const PROBE_BYTES = 16_384;

/**
 * Makes the directory, reads the newest version of every key there, and writes, syncs and names a file as a write does, under
 * a name that is no version's. Leaves nothing behind but the directory. See `FileStorage.probe` for how it rejects.
 */
export async function probeLocation(location: Location, owners: Owners): Promise<void> {
  const { directory, mirrorPath } = location;
  try {
    await makeDirectory(directory);
    await tryToRead(location);
    await tryToWrite(directory, owners);
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, { directory });
  }
  if (mirrorPath === undefined || !(await isMountPoint(mirrorPath))) return;
  const busy = Object.assign(new Error(`EBUSY: ${mirrorPath} is a mount of its own`), { code: 'EBUSY' });
  throw explain(busy, { directory, path: mirrorPath });
}

async function tryToRead({ directory, placesAmong }: Location): Promise<void> {
  for (const place of placesAmong(await fs.readdir(directory))) assertNotLocked(place, await readNewest(place));
}

async function tryToWrite(directory: string, owners: Owners): Promise<void> {
  const temp = join(directory, owners.tempName());
  // To be swept like any other if this process is killed right here.
  const name = join(directory, owners.tempName());
  try {
    await writeNewFile(temp, randomBytes(PROBE_BYTES), true);
    await giveName(temp, name);
    await syncDirectory(directory);
  } finally {
    await removeQuietly(temp);
    await removeQuietly(name);
  }
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
