import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { EventSink } from './events.ts';
import { hasCode, listNames, removeQuietly, writeNewFile } from './files.ts';
import type { Place } from './location.ts';
import { sha256 } from './version-body.ts';
import { type Newest, versionPath } from './versions.ts';

/** Copies aside what cannot be read, and says so, once for each damage. */
export type DamageReports = (place: Place, newest: Newest) => Promise<void>;

const KEPT_COPIES = 3;

export function createDamageReports(emit: EventSink): DamageReports {
  const reported = new Map<string, string>();

  return async (place, { n, damage }) => {
    if (damage === undefined) return;
    const id = `${n} ${damage.reason} ${sha256(damage.bytes ?? '')}`;
    if (reported.get(place.stem) === id) return;
    reported.set(place.stem, id);
    // Where nothing can be written the record can still be read as undefined.
    const keptAs = await keepAside(place, damage.bytes).catch(() => undefined);
    emit({ type: 'damaged', key: place.key, path: versionPath(place, n), reason: damage.reason, keptAs });
  };
}

/** Under the hash of the content, so that many readers keep one copy. */
async function keepAside({ directory, stem }: Place, bytes: Buffer | undefined): Promise<string | undefined> {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const start = `${stem}.damaged-`;
  const path = join(directory, `${start}${sha256(bytes).slice(0, 16)}.json`);
  try {
    await writeNewFile(path, bytes, false);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const copies = await Promise.all(
    (await listNames(directory))
      .filter((name) => name.startsWith(start))
      .map((name) => join(directory, name))
      .map(async (copy) => ({ copy, mtimeMs: (await fs.lstat(copy)).mtimeMs })),
  );
  copies.sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { copy } of copies.slice(KEPT_COPIES)) await removeQuietly(copy);
  return path;
}
