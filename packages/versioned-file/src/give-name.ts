import fs from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, INNER_NAME, removeQuietly, renameOver, syncDirectory } from './files.ts';

/**
 * Gives the file at `temp` a name that nothing has; the file may go on having its old one. Rejects with EEXIST, ENOTEMPTY or
 * ENOTDIR (some platforms: EPERM, EACCES) where the name is taken. A mount without hard links still never renames a
 * directory onto a file, or onto a directory that is not empty, so there the file gets its name inside of a directory.
 */
export async function giveName(temp: string, path: string): Promise<void> {
  try {
    await fs.link(temp, path);
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    const parcel = temp.replace(/\.tmp$/, 'd.tmp');
    await fs.mkdir(parcel, 0o700);
    try {
      await fs.rename(temp, join(parcel, INNER_NAME));
      await syncDirectory(parcel);
      await renameOver(parcel, path, () => assertFree(path));
    } catch (failure) {
      await removeQuietly(parcel);
      throw failure;
    }
  }
}

/** A name that is taken does not become free by another try. */
async function assertFree(path: string): Promise<true> {
  const found = await fs.lstat(path).catch(() => undefined);
  if (found !== undefined) throw Object.assign(new Error(`EEXIST: ${path} is there`), { code: 'EEXIST', path });
  return true;
}

/** Whether a `link` failed because, as far as can be told, there are no hard links here. */
export function isWithoutLinks(error: unknown): boolean {
  return hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR', 'EACCES');
}
