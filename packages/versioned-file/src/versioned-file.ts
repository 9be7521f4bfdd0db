import { cleanUp } from './clean-up.ts';
import { createDamageReports } from './damage-reports.ts';
import { createDirectoryWatch } from './directory-watch.ts';
import { makeDirectory } from './files.ts';
import { createJsonFormat } from './json-format.ts';
import { checkOptions, type VersionedFileOptions } from './options.ts';
import { createOwners } from './owners.ts';
import type { Place } from './place.ts';
import { type Base, publish } from './publish.ts';
import { type Newest, readIfThere, readNewest, versionName } from './versions.ts';

/** A writer that stood still finds out that its value had been stored unless more than these came after it. */
const KEPT_VERSIONS = 8;

/** A JSON document that many processes of one host update by compare-and-set. An I/O error rejects with Node's own error. */
export interface VersionedFile<T> {
  /** The newest value and its version; undefined where there is none, or where it cannot be read (which `onEvent` is told). */
  read(): Promise<{ readonly value: T; readonly version: string } | undefined>;
  /**
   * Stores `value`, or empties the document (undefined), if the stored version still is `expected` (undefined: there is no
   * value). Resolves to the new version, or to undefined where `value` is not what is stored now: another was first, or, of a
   * writer that stood still in the middle of it, has already built upon it. A rejection means that nobody knows. Never a
   * version to two callers for one `expected`.
   *
   * Rejects with TypeError for what is no JSON, and with RangeError for more than 1 MiB of it.
   */
  compareAndSet(expected: string | undefined, value: T | undefined): Promise<string | undefined>;
  /** Calls `onChange` soon after each change, and after several at once maybe once, until the returned function is called. Does not keep the process alive. */
  watch(onChange: () => void): () => void;
  /** Ends watchers. */
  close(): Promise<void>;
}

/** @throws TypeError naming the option that is wrong. */
export function createVersionedFile<T>(options: VersionedFileOptions): VersionedFile<T> {
  const { directory, name, isDurable, emit } = checkOptions(options);
  const owners = createOwners();
  const place: Place<T> = { key: name, directory, stem: name, isDurable, format: createJsonFormat<T>(), owners };
  const reportDamage = createDamageReports(({ key, ...damage }) => emit({ type: 'damaged', name: key, ...damage }));
  const changes = createDirectoryWatch(directory, (error) => emit({ type: 'watch-failed', directory, error }));

  async function look(): Promise<Newest<T>> {
    const newest = await readNewest(place);
    await reportDamage(place, newest);
    return newest;
  }

  /** What a value may be put behind; undefined: what is stored is not what is expected. */
  async function findBase(expected: string | undefined): Promise<Base<T> | undefined> {
    if (expected === undefined) {
      const newest = await look();
      return newest.body?.value === undefined ? newest : undefined;
    }
    // A version that another has followed may still be there: that is found out by the next number.
    const n = Number(/^([1-9]\d{0,11})-/.exec(expected)?.[1]);
    const found = n > 0 ? await readIfThere(place, n) : undefined;
    const { body } = found ?? {};
    return body?.value !== undefined && versionName(body) === expected ? { n, body } : undefined;
  }

  return {
    async read() {
      const { body } = await look();
      return body?.value === undefined ? undefined : { value: body.value, version: versionName(body) };
    },
    async compareAndSet(expected, value) {
      const base = await findBase(expected);
      if (base === undefined) return undefined;
      if (base.n === 0) await makeDirectory(directory);
      const published = await publish(place, base, value);
      if (published === undefined) return undefined;
      await cleanUp(place, published, KEPT_VERSIONS);
      return versionName(published.body);
    },
    watch: (onChange) => changes.subscribe(name, onChange),
    async close() {
      changes.close();
    },
  };
}
