import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TokenRecord } from '@kis/token-core';
import { hasCode, listNames, removeQuietly, syncDirectory, writeNewFile } from './files.ts';
import { giveName } from './give-name.ts';
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
 * Rejects where whether it is stored is not known, where no number is left, and where a record would take the place of one
 * that is locked to us: two processes with two keys would take turns, and each would ask for a token of its own.
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
  if (record !== null) assertNotLocked(place, base);
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

/** Throws where a record would take the place of one that is locked to us. */
export function assertNotLocked(place: Place, { n, body }: Newest): void {
  if (body?.locked === undefined) return;
  const path = versionPath(place, n);
  throw new Error(`storage-file: ${path} ${body.locked}; give all processes one key, or delete() the record`);
}

/** Whether this body, and no other, got its number. Rejects when that is not known. */
async function take(place: Place, owners: Owners, body: VersionBody): Promise<boolean> {
  const path = versionPath(place, body.n);
  const temp = join(place.directory, owners.tempName());
  try {
    await writeNewFile(temp, encodeVersion(body, place.sealing), true);
    try {
      await giveName(temp, path);
      return true;
    } catch (error) {
      // The answer of a network file system can get lost after the work was done.
      const standing = await readIfThere(place, body.n);
      if (standing?.body?.nonce === body.nonce) return true;
      if (standing !== undefined || hasCode(error, 'EEXIST', 'ENOTEMPTY', 'ENOTDIR')) return false;
      throw error;
    }
  } finally {
    await removeQuietly(temp);
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
