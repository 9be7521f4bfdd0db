import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventSink } from './events.ts';
import { createFailureReports } from './failure-reports.ts';
import type { Place } from './location.ts';
import { type NewestRecord, type RecordBody, readNewestRecord } from './newest-record.ts';
import { remedyOf } from './remedies.ts';

/** The file at a path of the user's choosing, which follows the newest version. */
export interface Mirror {
  /** Before the first use: rejects with RangeError where a directory stands at `path`, which somebody meant as `directory`. */
  assertNoDirectory(): Promise<void>;
  /** Never rejects. */
  update(place: Place, body: RecordBody): Promise<void>;
  /** After a look at what is stored: makes up for what was done to the file since, or was not done. Never rejects. */
  catchUp(place: Place, newest: NewestRecord): Promise<void>;
}

export interface MirrorFile {
  /** Brings the file up to `newest`; false where it was left as it is. */
  put(place: Place, newest: Pick<NewestRecord, 'n' | 'body'>): Promise<boolean>;
  /** Absent: nobody relies on the file, and the next write will do. */
  isBehind?(body: RecordBody): Promise<boolean>;
}

export function createMirror(path: string, file: MirrorFile, emit: EventSink): Mirror {
  const reports = createFailureReports((error) => {
    emit({ type: 'mirror-failed', path, error, remedy: remedyOf(error, { directory: dirname(path), path }) });
  });
  let isNoDirectory = false;

  async function follow(place: Place, body: RecordBody): Promise<void> {
    let newest: Pick<NewestRecord, 'n' | 'body'> = { n: body.n, body };
    while (await file.put(place, newest)) {
      reports.worked();
      // What another writer put there may have been newer than this.
      const { n } = newest;
      newest = await readNewestRecord(place);
      if (newest.n === n) return;
    }
  }

  async function tryTo(bring: () => Promise<void>): Promise<void> {
    try {
      await bring();
    } catch (error) {
      reports.failed(error as Error);
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
    update: (place, body) => tryTo(() => follow(place, body)),
    catchUp: (place, { body }) =>
      tryTo(async () => {
        if (body !== undefined && (await file.isBehind?.(body))) await follow(place, body);
      }),
  };
}
