import fs from 'node:fs/promises';
import { join } from 'node:path';
import { listNames, removeQuietly, replaceFile } from './files.ts';
import type { Place } from './place.ts';
import { sha256 } from './sha256.ts';
import { type Newest, versionPath } from './versions.ts';

/** A newest version that cannot be read, and counts as nothing stored. */
export interface DamageReport {
  readonly key: string;
  readonly path: string;
  readonly reason: string;
  /** Where its content was copied. */
  readonly keptAs?: string | undefined;
}

/** Copies aside what cannot be read, and says so, once for each damage. */
export type DamageReports = <T>(place: Place<T>, newest: Newest<T>) => Promise<void>;

const KEPT_COPIES = 3;

export function createDamageReports(say: (report: DamageReport) => void): DamageReports {
  const reported = new Map<string, string>();

  return async (place, { n, damage }) => {
    if (damage === undefined) return;
    const id = `${n} ${damage.reason} ${sha256(damage.bytes ?? '')}`;
    if (reported.get(place.stem) === id) return;
    reported.set(place.stem, id);
    // Where nothing can be written the document can still be read as undefined.
    const keptAs = await keepAside(place, damage.bytes).catch(() => undefined);
    say({ key: place.key, path: versionPath(place, n), reason: damage.reason, keptAs });
  };
}

/** Under the hash of the content, so that many readers keep one copy. */
async function keepAside<T>(place: Place<T>, bytes: Buffer | undefined): Promise<string | undefined> {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const path = join(place.directory, `${copyStart(place)}${sha256(bytes).slice(0, 16)}.json`);
  await replaceFile(path, join(place.directory, place.owners.tempName()), bytes, false);
  await removeCopies(place, KEPT_COPIES);
  return path;
}

/** Removes the copies of a document's damaged versions but the newest `kept`. */
export async function removeCopies<T>(place: Place<T>, kept: number): Promise<void> {
  const names = (await listNames(place.directory)).filter((name) => name.startsWith(copyStart(place)));
  const copies = await Promise.all(
    names.map(async (name) => {
      const path = join(place.directory, name);
      // One that another process has removed meanwhile is as good as old.
      const mtimeMs = await fs.lstat(path).then(
        (found) => found.mtimeMs,
        () => 0,
      );
      return { path, mtimeMs };
    }),
  );
  copies.sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of copies.slice(kept)) await removeQuietly(path);
}

function copyStart({ stem }: Pick<Place<unknown>, 'stem'>): string {
  return `${stem}.damaged-`;
}
