import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hasCode, listNames, MAX_BYTES, removeQuietly, syncDirectory, writeNewFile } from './files.ts';
import { giveName } from './give-name.ts';
import type { Place } from './place.ts';
import { encodeVersion, type VersionBody } from './version-body.ts';
import { LAST_NUMBER, readIfThere, type Version, versionName, versionNumbers, versionPath } from './versions.ts';

export interface Published<T> {
  readonly body: VersionBody<T>;
  /** The directory as it was right afterwards. */
  readonly names: readonly string[];
}

/** What a version is written over; `n` is 0 where that is nothing. */
export interface Base<T> extends Pick<Version<T>, 'body'> {
  readonly n: number;
}

/**
 * Puts a value, or emptiness (undefined), behind `base`, or nothing (undefined) when another was first. A number is taken by
 * `link`, which gives it to one writer only; it decides alone as long as nobody has cleaned up, which `standsAsNewest` finds
 * out. Rejects where whether it is stored is not known, and where no number is left.
 */
export async function publish<T>(
  place: Place<T>,
  base: Base<T>,
  value: T | undefined,
): Promise<Published<T> | undefined> {
  if (base.n >= LAST_NUMBER) {
    throw new Error(`versioned-file: no version can follow ${versionPath(place, base.n)}, which has to be removed`);
  }
  const nonce = randomBytes(8).toString('hex');
  const body: VersionBody<T> = { key: place.key, n: base.n + 1, nonce, prev: nameOf(base), value };
  if (!(await take(place, body))) return undefined;
  if (place.isDurable) await syncDirectory(place.directory);
  const names = await listNames(place.directory);
  if ((await standsAsNewest(place, names, body)) || (await wasBuiltUpon(place, body))) {
    return { body, names };
  }
  if (await holds(place, body)) await removeQuietly(versionPath(place, body.n));
  return undefined;
}

/** Whether this body, and no other, got its number. Rejects when that is not known. */
async function take<T>(place: Place<T>, body: VersionBody<T>): Promise<boolean> {
  const path = versionPath(place, body.n);
  const temp = join(place.directory, place.owners.tempName());
  const bytes = encodeVersion(body, place.format);
  // Nobody would read it.
  if (bytes.length > MAX_BYTES) {
    throw new RangeError(
      `versioned-file: a version may have ${MAX_BYTES} bytes, and ${path} would have ${bytes.length}`,
    );
  }
  try {
    await writeNewFile(temp, bytes, place.isDurable);
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
async function standsAsNewest<T>(place: Place<T>, names: readonly string[], body: VersionBody<T>): Promise<boolean> {
  const { n, prev } = body;
  if (versionNumbers(names, place.stem).at(-1) !== n) return false;
  const [isThere, below] = await Promise.all([holds(place, body), readIfThere(place, n - 1)]);
  return isThere && (n === 1 || (below !== undefined && nameOf(below) === prev));
}

/** Whether the next version was written over this one, which then had won. */
async function wasBuiltUpon<T>(place: Place<T>, body: VersionBody<T>): Promise<boolean> {
  const next = await readIfThere(place, body.n + 1);
  return next?.body?.prev === versionName(body);
}

async function holds<T>(place: Place<T>, body: VersionBody<T>): Promise<boolean> {
  return (await readIfThere(place, body.n))?.body?.nonce === body.nonce;
}

/** Null: it cannot be read. */
function nameOf<T>({ body }: Pick<Version<T>, 'body'>): string | null {
  return body === undefined ? null : versionName(body);
}
