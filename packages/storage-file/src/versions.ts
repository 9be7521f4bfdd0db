import { join } from 'node:path';
import { hasCode, listNames } from './files.ts';
import type { Place } from './location.ts';
import { decodeVersion, type VersionBody } from './version-body.ts';
import { readVersionFile, type VersionFile } from './version-file.ts';

/** The version with the highest number, which is the one that counts; `n` is 0 where there is none. */
export interface Newest {
  readonly n: number;
  readonly body?: VersionBody | undefined;
  readonly damage?: Damage | undefined;
  /** Who may do what with its file. */
  readonly access?: Pick<VersionFile, 'uid' | 'mode'> | undefined;
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

export async function readNewest(place: Place): Promise<Newest> {
  let listedBefore: number | undefined;
  for (let tries = 1; ; tries += 1) {
    const numbers = versionNumbers(await listNames(place.directory), place.stem);
    const n = numbers.at(-1) ?? 0;
    // A listing that was taken while versions came and went can have missed them all, and a version that is being removed
    // can look damaged: only what the next listing shows as well counts as nothing stored.
    const isListedAgain = n === listedBefore;
    listedBefore = n;
    try {
      const found = n === 0 ? undefined : await readVersion(place, n);
      if (found?.body !== undefined) return { n, ...found, ...(await doubt(place, found.body, numbers)) };
      if (isListedAgain) return { n, ...found };
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || tries === MAX_TRIES) throw error;
      if (tries >= HASTY_TRIES) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Whoever has the key encrypts: a plain record that came later is another's. */
async function doubt(
  place: Place,
  body: VersionBody,
  numbers: readonly number[],
): Promise<Pick<Newest, 'body' | 'damage'> | undefined> {
  if (place.sealing === undefined || body.record === null || body.isSealed === true) return undefined;
  const others = await Promise.all(numbers.slice(0, -1).map((n) => readVersion(place, n).catch(() => undefined)));
  if (!others.some((other) => other?.body?.isSealed === true)) return undefined;
  const locked = 'is not encrypted, beside one that is';
  return { body: { ...body, record: null, locked }, damage: { reason: locked } };
}

/** Rejects with ENOENT where there is no such version. */
export async function readVersion(place: Place, n: number): Promise<Omit<Newest, 'n'>> {
  const found = await readVersionFile(versionPath(place, n), place.users);
  if (typeof found === 'string') return { damage: { reason: found } };
  const { bytes, ...access } = found;
  const body = decodeVersion(bytes, place.sealing);
  if (body === undefined) return { access, damage: { reason: 'is not a whole record', bytes } };
  if (body.key !== place.key || body.n !== n)
    return { access, damage: { reason: 'is the record of another name', bytes } };
  return body.locked === undefined ? { access, body } : { access, body, damage: { reason: body.locked } };
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
