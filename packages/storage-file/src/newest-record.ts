import type { TokenRecord } from '@kis/token-core';
import { type Newest, readIfThere, readNewest, type VersionBody, versionPath } from '@kis/versioned-file/parts';
import type { Place } from './location.ts';

export type NewestRecord = Newest<TokenRecord>;
export type RecordBody = VersionBody<TokenRecord>;

/** The newest version, locked to us where it is not encrypted and an older one is: whoever has the key encrypts. */
export async function readNewestRecord(place: Place): Promise<NewestRecord> {
  const newest = await readNewest(place);
  const { body, older } = newest;
  if (place.sealing === undefined || body?.value === undefined || body.isSealed === true) return newest;
  const others = await Promise.all(older.map((n) => readIfThere(place, n).catch(() => undefined)));
  if (!others.some((other) => other?.body?.isSealed === true)) return newest;
  const locked = 'is not encrypted, beside one that is';
  return { ...newest, body: { ...body, value: undefined, locked }, damage: { reason: locked } };
}

/**
 * Throws where a record would take the place of one that is locked to us: two processes with two keys would take turns, and
 * each would ask for a token of its own.
 */
export function assertNotLocked(place: Place, { n, body }: NewestRecord): void {
  if (body?.locked === undefined) return;
  const path = versionPath(place, n);
  throw new Error(`storage-file: ${path} ${body.locked}; give all processes one key, or delete() the record`);
}
