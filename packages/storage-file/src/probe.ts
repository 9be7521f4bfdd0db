import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectory, removeQuietly, syncDirectory, writeNewFile } from './files.ts';
import { giveName } from './give-name.ts';
import type { Owners } from './owners.ts';
import { remedyOf } from './remedies.ts';

/** More than a record with all its attempts. */
const PROBE_BYTES = 16_384;

/**
 * Does all that a write does, under a name that is no version's, and leaves nothing behind. Rejects where a write would, with
 * an Error that has the `code` of Node's own, which is its `cause`, and that says at its end what to do.
 */
export async function probeDirectory(directory: string, owners: Owners): Promise<void> {
  try {
    await makeDirectory(directory);
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
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, directory);
  }
}

function explain(cause: NodeJS.ErrnoException, directory: string): Error {
  const remedy = remedyOf(cause, { directory });
  const error = new Error(`storage-file: ${directory} takes no record (${cause.message}): ${remedy}`, { cause });
  return Object.assign(error, { code: cause.code });
}
