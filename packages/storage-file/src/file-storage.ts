import { join } from 'node:path';
import type { TokenRecord, TokenStorage } from '@kis/token-core';
import {
  cleanUp,
  createDamageReports,
  createDirectoryWatch,
  makeDirectory,
  type Published,
  publish,
  removeCopies,
  versionName,
} from '@kis/versioned-file/parts';
import { createEventSink } from './events.ts';
import { createFailureReports } from './failure-reports.ts';
import { createForeignIdentity } from './foreign/foreign-identity.ts';
import { createForeignToken } from './foreign/foreign-token.ts';
import { createSharedPickle } from './foreign/shared-pickle.ts';
import { createGuard } from './guard.ts';
import { type FileStorageOptions, locate, type Place } from './location.ts';
import { createMirror, type MirrorFile } from './mirror.ts';
import { createMirrorCopy } from './mirror-copy.ts';
import { assertNotLocked, type NewestRecord, readNewestRecord } from './newest-record.ts';
import { createPoliteWriters } from './polite-writers.ts';
import { probeLocation } from './probe.ts';
import { remedyOf } from './remedies.ts';
import { type Stored, storedOf } from './stored.ts';

const KEPT_VERSIONS = 3;

export interface FileStorage extends TokenStorage {
  /**
   * Finds out whether this storage could be used now: makes the directory, lists it, reads the newest version of every key
   * there, and writes, syncs, names and removes a file of 16 KiB. A version that is damaged is none of its concern.
   *
   * Rejects with an Error that has Node's `code` and says at its end what to do; of a single file that is mounted at `path`
   * with EBUSY, though it is used all the same; of a record that this `encryptionKey`, or none, cannot open with an Error without a
   * code. A service that asks before it starts does not issue a token at every restart only to lose it.
   */
  probe(): Promise<void>;
}

/**
 * A storage that the processes of one host share through a directory. Every write is a new file, so nothing is ever half
 * written, and no lock has to be trusted. An I/O error rejects with Node's own error; `close()` ends watchers.
 *
 * @throws TypeError, RangeError naming the option that is wrong.
 */
export function createFileStorage(options: FileStorageOptions = {}): FileStorage {
  const location = locate(options);
  const { directory, mirrorPath, owners, placeOf } = location;
  const emit = createEventSink(options.onEvent);
  const politely = createPoliteWriters();
  const guard = createGuard(location, emit);
  const reportDamage = createDamageReports((report) => emit({ type: 'damaged', ...report }));
  const writes = createFailureReports((error) => {
    emit({ type: 'write-failed', directory, error, remedy: remedyOf(error, { directory }) });
  });
  const changes = createDirectoryWatch(
    directory,
    (error) => emit({ type: 'watch-failed', directory, error }),
    mirrorPath === undefined ? undefined : { path: mirrorPath, identify: createForeignIdentity(mirrorPath) },
  );
  const foreign = mirrorPath === undefined ? undefined : createForeignToken(mirrorPath, emit);
  const mirror = mirrorPath === undefined ? undefined : createMirror(mirrorPath, createMirrorFile(mirrorPath), emit);

  function createMirrorFile(path: string): MirrorFile {
    return options.format === undefined
      ? createMirrorCopy(path, owners, emit)
      : createSharedPickle({ path, python: options.python, owners, emit });
  }

  async function look(place: Place, isWriting = false): Promise<NewestRecord> {
    await mirror?.assertNoDirectory();
    const newest = await readNewestRecord(place);
    await Promise.all([guard.checkDirectory(newest, isWriting), guard.checkVersions(place, newest)]);
    await reportDamage(place, newest);
    return newest;
  }

  async function find(newest: NewestRecord, { key }: Place): Promise<Stored | undefined> {
    return storedOf(newest, await foreign?.find(key, newest.body?.value));
  }

  /** Undefined when what is stored is not what was expected, or another was first. */
  async function write(
    place: Place,
    isExpected: (newest: NewestRecord) => boolean | Promise<boolean>,
    record: TokenRecord | undefined,
  ): Promise<Published<TokenRecord> | undefined> {
    try {
      await makeDirectory(directory);
      const published = await politely(join(directory, `${place.stem}.lock`), async () => {
        const newest = await look(place, true);
        if (!(await isExpected(newest))) return undefined;
        if (record !== undefined) assertNotLocked(place, newest);
        return publish(place, newest, record);
      });
      if (published !== undefined) writes.worked();
      return published;
    } catch (error) {
      // What has no code is not of the disk, and says itself what to do.
      if ((error as NodeJS.ErrnoException).code !== undefined) writes.failed(error as Error);
      throw error;
    }
  }

  async function finish(place: Place, published: Published<TokenRecord>, kept: number): Promise<void> {
    await Promise.all([cleanUp(place, published, kept), mirror?.update(place, published.body)]);
  }

  return {
    async read(key) {
      const place = placeOf(key);
      const newest = await look(place);
      await mirror?.catchUp(place, newest);
      return find(newest, place);
    },
    async compareAndSet(key, expected, record) {
      const place = placeOf(key);
      const published = await write(place, async (newest) => (await find(newest, place))?.version === expected, record);
      if (published === undefined) return undefined;
      await finish(place, published, KEPT_VERSIONS);
      return versionName(published.body);
    },
    async delete(key) {
      const place = placeOf(key);
      let emptied: Published<TokenRecord> | undefined;
      while (emptied === undefined) {
        const newest = await look(place);
        const { n } = newest;
        if (n === 0 && (await find(newest, place)) === undefined) break;
        // Over an empty version, too: its writer may have been killed before the rest was done, and nobody else may do it.
        emptied = await write(place, (found) => found.n === n, undefined);
      }
      // What was deleted is not to be found on the disk: not in older versions, and not in copies of damaged ones.
      if (emptied !== undefined) await finish(place, emptied, 1);
      await removeCopies(place, 0);
    },
    async probe() {
      await mirror?.assertNoDirectory();
      await probeLocation(location);
    },
    watch(key, onChange) {
      return changes.subscribe(placeOf(key).stem, onChange);
    },
    async close() {
      changes.close();
    },
  };
}
