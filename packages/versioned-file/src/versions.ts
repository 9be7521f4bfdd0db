import { join } from 'node:path';
import { hasCode, listNames } from './files.ts';
import type { Place } from './place.ts';
import { decodeVersion, type VersionBody } from './version-body.ts';
import { readVersionFile, type VersionFile } from './version-file.ts';

/** One version as it was found. */
export interface Version<T> {
  readonly body?: VersionBody<T> | undefined;
  readonly damage?: Damage | undefined;
  /** Who may do what with its file. */
  readonly access?: Pick<VersionFile, 'uid' | 'mode'> | undefined;
}

/** The version with the highest number, which is the one that counts; `n` is 0 where there is none. */
export interface Newest<T> extends Version<T> {
  readonly n: number;
  /** The numbers that were listed beside it, ascending. */
  readonly older: readonly number[];
}

/** Why a version cannot be read, and what it holds instead where that is damaged. */
interface Damage {
  readonly reason: string;
  readonly bytes?: Buffer | undefined;
}

/** Reading and listing are not one step, so what was listed may be gone by then: only because newer ones came. */
const MAX_TRIES = 100;
/** A network file system may show an old listing for some seconds. */
const HASTY_TRIES = 10;
const PAUSE_MS = 50;

export async function readNewest<T>(place: Place<T>): Promise<Newest<T>> {
  let listedBefore: number | undefined;
  for (let tries = 1; ; tries += 1) {
    const older = versionNumbers(await listNames(place.directory), place.stem);
    const n = older.pop() ?? 0;
    // A listing that was taken while versions came and went can have missed them all, and a version that is being removed
    // can look damaged: only what the next listing shows as well counts as nothing stored.
    const isListedAgain = n === listedBefore;
    listedBefore = n;
    try {
      const found = n === 0 ? undefined : await readVersion(place, n);
      if (found?.body !== undefined || isListedAgain) return { n, older, ...found };
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || tries === MAX_TRIES) throw error;
      if (tries >= HASTY_TRIES) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Undefined: there is no such version. */
export async function readIfThere<T>(place: Place<T>, n: number): Promise<Version<T> | undefined> {
  try {
    return await readVersion(place, n);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readVersion<T>(place: Place<T>, n: number): Promise<Version<T>> {
  const found = await readVersionFile(versionPath(place, n), place.mayTrust);
  if (typeof found === 'string') return { damage: { reason: found } };
  const { bytes, ...access } = found;
  const body = decodeVersion(bytes, place.format);
  if (body === undefined) return { access, damage: { reason: 'is not a whole record', bytes } };
  if (body.key !== place.key || body.n !== n)
    return { access, damage: { reason: 'is the record of another name', bytes } };
  return body.locked === undefined ? { access, body } : { access, body, damage: { reason: body.locked } };
}

/** What callers know a version by. */
export function versionName({ n, nonce }: Pick<VersionBody<unknown>, 'n' | 'nonce'>): string {
  return `${n}-${nonce}`;
}

export function versionPath({ directory, stem }: Pick<Place<unknown>, 'directory' | 'stem'>, n: number): string {
  return join(directory, `${stem}.v${n}.json`);
}

/** Longer numbers are not read as numbers: nobody has ever written that many. */
const MAX_DIGITS = 12;

/** No version can follow this one. */
export const LAST_NUMBER: number = 10 ** MAX_DIGITS - 1;

/** The numbers of a stem's versions, ascending. */
export function versionNumbers(names: readonly string[], stem: string): number[] {
  const start = `${stem}.v`;
  return names
    .filter((name) => name.startsWith(start))
    .map((name) => Number(/^([1-9]\d*)\.json$/.exec(name.slice(start.length))?.[1]))
    .filter((n) => n <= LAST_NUMBER)
    .sort((a, b) => a - b);
}
