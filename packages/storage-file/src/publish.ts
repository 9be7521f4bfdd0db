import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenRecord } from '@kis/token-core';
import { hasCode, INNER_NAME, listNames, removeQuietly, syncDirectory, writeNewFile } from './files.ts';
import type { Place } from './location.ts';
import type { Owners } from './owners.ts';
import { encodeVersion, type VersionBody } from './version-body.ts';
import { LAST_NUMBER, type Newest, readVersion, versionName, versionNumbers, versionPath } from './versions.ts';

export interface Published {
  readonly body: VersionBody;
  /** The directory as it was right afterwards. */
  readonly names: readonly string[];
}

/**
 * Puts a record behind `base`, or nothing (undefined) when another was first. A number is taken by `link`, which gives it
 * to one writer only; it decides alone as long as nobody has cleaned up, which `standsAsNewest` finds out.
 * Rejects where whether it is stored is not known, and where no number is left.
 */
export async function publish(
  place: Place,
  owners: Owners,
  base: Newest,
  record: TokenRecord | null,
): Promise<Published | undefined> {
  if (base.n >= LAST_NUMBER) {
    throw new Error(`storage-file: no version can follow ${versionPath(place, base.n)}, which has to be removed`);
  }
  const body: VersionBody = {
    key: place.key,
    n: base.n + 1,
    nonce: randomBytes(8).toString('hex'),
    prev: nameOf(base),
    record,
  };
  if (!(await take(place, owners, body))) return undefined;
  await syncDirectory(place.directory);
  const names = await listNames(place.directory);
  if ((await standsAsNewest(place, names, body)) || (await wasBuiltUpon(place, body))) {
    return { body, names };
  }
  if (await holds(place, body)) await removeQuietly(versionPath(place, body.n));
  return undefined;
}

/** Whether this body, and no other, got its number. Rejects when that is not known. */
async function take(place: Place, owners: Owners, body: VersionBody): Promise<boolean> {
  const path = versionPath(place, body.n);
  const temp = join(place.directory, owners.tempName());
  try {
    await writeNewFile(temp, encodeVersion(body), true);
    try {
      await linkOrMove(temp, path);
      return true;
    } catch (error) {
      // The answer of a network file system can get lost after the work was done.
      if (await holds(place, body)) return true;
      if (hasCode(error, 'EEXIST', 'ENOTEMPTY', 'ENOTDIR')) return false;
      throw error;
    }
  } finally {
    await removeQuietly(temp);
  }
}

/** A mount without hard links still never renames a directory onto a file, or onto a directory that is not empty. */
async function linkOrMove(temp: string, path: string): Promise<void> {
  try {
    await fs.link(temp, path);
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
    const parcel = temp.replace(/\.tmp$/, 'd.tmp');
    await fs.mkdir(parcel, 0o700);
    try {
      await fs.rename(temp, join(parcel, INNER_NAME));
      await syncDirectory(parcel);
      await fs.rename(parcel, path);
    } catch (failure) {
      await removeQuietly(parcel);
      throw failure;
    }
  }
}

/**
 * A writer that was frozen may take a number that had been used and cleaned up. Numbers are freed in ascending order and
 * never the highest one, so its own number was not free before as long as the one below it is still there, or, of the first
 * version, as long as itself is: whoever clears away the higher ones clears away this one before.
 * Where somebody emptied the directory others may have begun anew, and come to the same numbers: so both have to be the
 * very versions that this writer knows.
 */
async function standsAsNewest(place: Place, names: readonly string[], body: VersionBody): Promise<boolean> {
  const { n, prev } = body;
  if (versionNumbers(names, place.stem).at(-1) !== n) return false;
  const [isThere, below] = await Promise.all([holds(place, body), readIfThere(place, n - 1)]);
  return isThere && (n === 1 || (below !== undefined && nameOf(below) === prev));
}

/** Whether the next version was written over this one, which then had won. */
async function wasBuiltUpon(place: Place, body: VersionBody): Promise<boolean> {
  const next = await readIfThere(place, body.n + 1);
  return next?.body?.prev === versionName(body);
}

async function holds(place: Place, body: VersionBody): Promise<boolean> {
  return (await readIfThere(place, body.n))?.body?.nonce === body.nonce;
}

/** Null: it cannot be read. */
function nameOf({ body }: Pick<Newest, 'body'>): string | null {
  return body === undefined ? null : versionName(body);
}

async function readIfThere(place: Place, n: number): Promise<Omit<Newest, 'n'> | undefined> {
  try {
    return await readVersion(place, n);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
