import { join } from 'node:path';
import type { TokenRecord, TokenStorage } from '@kis/token-core';
import { cleanUp } from './clean-up.ts';
import { createDamageReports, removeCopies } from './damage-reports.ts';
import { createDirectoryWatch } from './directory-watch.ts';
import { createEventSink } from './events.ts';
import { makeDirectory } from './files.ts';
import { type FileStorageOptions, locate, type Place } from './location.ts';
import { createMirror } from './mirror.ts';
import { createOwners } from './owners.ts';
import { createPoliteWriters } from './polite-writers.ts';
import { type Published, publish } from './publish.ts';
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
  const reportDamage = createDamageReports(owners, emit);
  const changes = createDirectoryWatch(directory, emit);
  const mirror = mirrorPath === undefined ? undefined : createMirror(mirrorPath, owners, emit);

  async function look(place: Place): Promise<Newest> {
    await mirror?.assertNoDirectory();
    const newest = await readNewest(place);
    await reportDamage(place, newest);
    return newest;
  }

  /** Undefined when what is stored is not what was expected, or another was first. */
  async function write(
    place: Place,
    isExpected: (newest: Newest) => boolean,
    record: TokenRecord | null,
  ): Promise<Published | undefined> {
    await makeDirectory(directory);
    return politely(join(directory, `${place.stem}.lock`), async () => {
      const newest = await look(place);
      return isExpected(newest) ? publish(place, owners, newest, record) : undefined;
    });
  }

  async function finish(place: Place, published: Published, kept: number): Promise<void> {
    await Promise.all([cleanUp(place, owners, published, kept), mirror?.update(place, published.body)]);
  }

  return {
    async read(key) {
      const { body } = await look(placeOf(key));
      return body === undefined || body.record === null
        ? undefined
        : { record: body.record, version: versionName(body) };
    },
    async compareAndSet(key, expected, record) {
      const place = placeOf(key);
      const published = await write(place, (newest) => versionOf(newest) === expected, record);
      if (published === undefined) return undefined;
      await finish(place, published, KEPT_VERSIONS);
      return versionName(published.body);
    },
    async delete(key) {
      const place = placeOf(key);
      let emptied: Published | undefined;
      while (emptied === undefined) {
        const { n } = await look(place);
        if (n === 0) break;
        // Over an empty version, too: its writer may have been killed before the rest was done, and nobody else may do it.
        emptied = await write(place, (found) => found.n === n, null);
      }
      // What was deleted is not to be found on the disk: not in older versions, and not in copies of damaged ones.
      if (emptied !== undefined) await finish(place, emptied, 1);
      await removeCopies(place, 0);
    },
    watch(key, onChange) {
      return changes.subscribe(placeOf(key).stem, onChange);
    },
    async close() {
      changes.close();
    },
  };
}
