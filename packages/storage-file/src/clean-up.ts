import { join } from 'node:path';
import { removeQuietly } from './files.ts';
import type { Place } from './location.ts';
import type { Owners } from './owners.ts';
import type { Published } from './publish.ts';
import { versionNumbers, versionPath } from './versions.ts';

/** Removes versions that are no longer needed, in ascending order, and what dead writers left behind. */
export async function cleanUp(place: Place, owners: Owners, { body, names }: Published, kept: number): Promise<void> {
  for (const old of versionNumbers(names, place.stem)) {
    if (old <= body.n - kept) await removeQuietly(versionPath(place, old));
  }
  for (const name of names.filter((name) => name.endsWith('.tmp'))) {
    const path = join(place.directory, name);
    if (await owners.isAbandoned(path).catch(() => false)) await removeQuietly(path);
  }
}
