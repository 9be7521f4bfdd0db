import fs from 'node:fs/promises';
import { hasCode, isWithoutLinks, renameOver } from '@kis/versioned-file/parts';
import { identify, identityOf } from './file-identity.ts';

/**
 * Gives the whole file at `temp` the name `path`, as long as what has that name is still what was seen there (undefined:
 * nothing was); else false, and nothing is changed. Whoever looks finds the one or the other. `temp` may stay.
 */
export async function swapFile(temp: string, path: string, seen: string | undefined): Promise<boolean> {
  return seen === undefined
    ? takeName(temp, path)
    : renameOver(temp, path, async () => (await identify(path)) === seen);
}

/** Removes what was seen at `path`; false where that has changed. */
export async function removeSeen(path: string, seen: string): Promise<boolean> {
  const now = await identify(path);
  if (now !== undefined && now !== seen) return false;
  await fs.unlink(path).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });
  return true;
}

/** Never over anything: what has come into being since then stays. */
async function takeName(temp: string, path: string): Promise<boolean> {
  try {
    await fs.link(temp, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!isWithoutLinks(error)) throw error;
  }
  // An empty file says no more than none does, and only one can make it.
  const seen = await makeEmptyFile(path);
  if (seen === undefined) return false;
  try {
    return await swapFile(temp, path, seen);
  } catch (error) {
    await removeSeen(path, seen).catch(() => undefined);
    throw error;
  }
}

/** Undefined: the name is taken. */
async function makeEmptyFile(path: string): Promise<string | undefined> {
  try {
    const file = await fs.open(path, 'wx', 0o600);
    try {
      return identityOf(await file.stat({ bigint: true }));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}
