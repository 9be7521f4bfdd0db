import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { removeQuietly, syncDirectory, writeNewFile } from './files.ts';
import { giveName } from './give-name.ts';
import type { Owners } from './owners.ts';

/** Writes, syncs and names a file of `size` bytes as a write does, under a name that is no version's. Leaves nothing behind. */
export async function tryToWrite(directory: string, owners: Owners, size: number): Promise<void> {
  const temp = join(directory, owners.tempName());
  // To be swept like any other if this process is killed right here.
  const name = join(directory, owners.tempName());
  try {
    await writeNewFile(temp, randomBytes(size), true);
    await giveName(temp, name);
    await syncDirectory(directory);
  } finally {
    await removeQuietly(temp);
    await removeQuietly(name);
  }
}
