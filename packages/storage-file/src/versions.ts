import { join } from 'node:path';
import { hasCode, INNER_NAME, listNames, type Refusal, readRegularFile } from './files.ts';
import type { Place } from './location.ts';
import { decodeVersion, type VersionBody } from './version-body.ts';

/** The version with the highest number, which is the one that counts; `n` is 0 where there is none. */
export interface Newest {
  readonly n: number;
  readonly body?: VersionBody | undefined;
  readonly damage?: Damage | undefined;
}

/** Why a version cannot be read, and what it holds instead. */
interface Damage {
  readonly reason: string;
  readonly bytes?: Buffer | undefined;
}

/** Reading and listing are not one step, so what was listed may be gone by then: only because newer ones came. */
const MAX_TRIES = 100;

export async function readNewest(place: Place): Promise<Newest> {
  let listedBefore: number | undefined;
  for (let tries = 1; ; tries += 1) {
    const n = versionNumbers(await listNames(place.directory), place.stem).at(-1) ?? 0;
    // A listing that was taken while versions came and went can have missed them all, and a version that is being removed
    // can look damaged: only what the next listing shows as well counts as nothing stored.
    const isListedAgain = n === listedBefore;
    listedBefore = n;
    try {
      const found = n === 0 ? undefined : await readVersion(place, n);
      if (found?.body !== undefined || isListedAgain) return { n, ...found };
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || tries === MAX_TRIES) throw error;
    }
  }
}

/** Rejects with ENOENT where there is no such version. */
export async function readVersion(place: Place, n: number): Promise<Omit<Newest, 'n'>> {
  const found = await readFileOrPublishedDirectory(versionPath(place, n));
  if (typeof found === 'string') return { damage: { reason: `is ${found}` } };
  const body = decodeVersion(found);
  if (body === undefined) return { damage: { reason: 'is not a whole record', bytes: found } };
  if (body.key !== place.key || body.n !== n)
    return { damage: { reason: 'is the record of another name', bytes: found } };
  return { body };
}

async function readFileOrPublishedDirectory(path: string): Promise<Buffer | Refusal> {
  const found = await readRegularFile(path);
  if (found !== 'a directory') return found;
  try {
    return await readRegularFile(join(path, INNER_NAME));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return found;
    throw error;
  }
}

/** What a caller knows a record by; undefined where no record is stored. */
export function versionOf({ body }: Newest): string | undefined {
  return body === undefined || body.record === null ? undefined : versionName(body);
}

export function versionName({ n, nonce }: VersionBody): string {
  return `${n}-${nonce}`;
}

export function versionPath({ directory, stem }: Pick<Place, 'directory' | 'stem'>, n: number): string {
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
