import { join } from 'node:path';
import type { TokenRecord, TokenStorage } from '@kis/token-core';
import { cleanUp } from './clean-up.ts';
import { createDamageReports } from './damage-reports.ts';
import { createDirectoryWatch } from './directory-watch.ts';
import { createEventSink } from './events.ts';
import { makeDirectory } from './files.ts';
import { type FileStorageOptions, locate, type Place } from './location.ts';
import { createMirror } from './mirror.ts';
import { createOwners } from './owners.ts';
import { createPoliteWriters } from './polite-writers.ts';
import { publish } from './publish.ts';
import { type Newest, readNewest, versionName, versionOf } from './versions.ts';

const KEPT_VERSIONS = 3;

/**
 * A storage that the processes of one host share through a directory. Every write is a new file, so nothing is ever half
 * written, and no lock has to be trusted. An I/O error rejects with Node's own error; `close()` ends watchers.
 *
 * @throws TypeError, RangeError naming the option that is wrong.
 */
export function createFileStorage(options: FileStorageOptions = {}): TokenStorage {
  const { directory, mirrorPath, placeOf } = locate(options);
  const emit = createEventSink(options.onEvent);
  const owners = createOwners();
  const politely = createPoliteWriters();
  const reportDamage = createDamageReports(emit);
  const changes = createDirectoryWatch(directory, emit);
  const mirror = mirrorPath === undefined ? undefined : createMirror(mirrorPath, owners, emit);

  async function look(place: Place): Promise<Newest> {
    const newest = await readNewest(place);
    await reportDamage(place, newest);
    return newest;
  }

  /** The new version; undefined when what is stored is not what was expected, or another was first. */
  async function write(
    place: Place,
    isExpected: (newest: Newest) => boolean,
    record: TokenRecord | null,
    kept: number,
  ): Promise<string | undefined> {
    await makeDirectory(directory);
    const published = await politely(join(directory, `${place.stem}.lock`), async () => {
      const newest = await look(place);
      return isExpected(newest) ? publish(place, owners, newest, record) : undefined;
    });
    if (published === undefined) return undefined;
    await Promise.all([cleanUp(place, owners, published, kept), mirror?.update(place, published.body)]);
    return versionName(published.body);
  }

  return {
    async read(key) {
      const { body } = await look(placeOf(key));
      return body === undefined || body.record === null
        ? undefined
        : { record: body.record, version: versionName(body) };
    },
    async compareAndSet(key, expected, record) {
      return write(placeOf(key), (newest) => versionOf(newest) === expected, record, KEPT_VERSIONS);
    },
    async delete(key) {
      const place = placeOf(key);
      let newest = await look(place);
      while (newest.n > 0 && newest.body?.record !== null) {
        const { n } = newest;
        // None of the older versions is kept: what was deleted is not to be found on the disk.
        if ((await write(place, (found) => found.n === n, null, 1)) !== undefined) return;
        newest = await look(place);
      }
    },
    watch(key, onChange) {
      return changes.subscribe(placeOf(key).stem, onChange);
    },
    async close() {
      changes.close();
    },
  };
}
