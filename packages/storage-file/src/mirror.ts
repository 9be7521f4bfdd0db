import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventSink } from './events.ts';
import { createFailureReports } from './failure-reports.ts';
import type { Place } from './location.ts';
import { remedyOf } from './remedies.ts';
import type { VersionBody } from './version-body.ts';
import { type Newest, readNewest } from './versions.ts';

/** The file at a path of the user's choosing, which follows the newest version. */
export interface Mirror {
  /** Before the first use: rejects with RangeError where a directory stands at `path`, which somebody meant as `directory`. */
  assertNoDirectory(): Promise<void>;
  /** Never rejects. */
  update(place: Place, body: VersionBody): Promise<void>;
}

/** Brings the file up to `newest`; false where it was left as it is. */
export type PutMirror = (place: Place, newest: Newest) => Promise<boolean>;

export function createMirror(path: string, put: PutMirror, emit: EventSink): Mirror {
  const reports = createFailureReports((error) => {
    emit({ type: 'mirror-failed', path, error, remedy: remedyOf(error, { directory: dirname(path), path }) });
  });
  let isNoDirectory = false;

  async function follow(place: Place, body: VersionBody): Promise<void> {
    let newest: Newest = { n: body.n, body };
    while (await put(place, newest)) {
      reports.worked();
      // What another writer put there may have been newer than this.
      const { n } = newest;
      newest = await readNewest(place);
      if (newest.n === n) return;
    }
  }

  return {
    async assertNoDirectory() {
      if (isNoDirectory) return;
      const found = await fs.stat(path).catch(() => undefined);
      if (found?.isDirectory())
        throw new RangeError(`storage-file: \`path\` must name a file, and ${path} is a directory`);
      isNoDirectory = true;
    },
    async update(place, body) {
      try {
        await follow(place, body);
      } catch (error) {
        reports.failed(error as Error);
      }
    },
  };
}
