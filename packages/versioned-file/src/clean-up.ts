import fs from 'node:fs/promises';
import { join } from 'node:path';
import { removeQuietly } from './files.ts';
import type { Place } from './place.ts';
import type { Published } from './publish.ts';
import { versionNumbers, versionPath } from './versions.ts';

/**
 * After a write: removes versions that are no longer needed, and what dead writers left behind. `standsAsNewest` relies on
 * two things: versions go in ascending order without a gap, and the one right below the newest goes by its writer alone.
 */
export async function cleanUp<T>(place: Place<T>, { body, names }: Published<T>, kept: number): Promise<void> {
  for (const old of versionNumbers(names, place.stem)) {
    if (old > body.n - kept || !(await removeQuietly(versionPath(place, old)))) break;
  }
  const leftovers = names.filter((name) => name.endsWith('.tmp'));
  if (leftovers.length === 0) return;
  const written = await fs.lstat(versionPath(place, body.n)).catch(() => undefined);
  if (written === undefined) return;
  for (const name of leftovers) {
    const path = join(place.directory, name);
    if (await place.owners.isAbandoned(path, written.mtimeMs).catch(() => false)) await removeQuietly(path);
  }
}
