import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EventSink } from './events.ts';
import { hasCode, readRegularFile, replaceFile } from './files.ts';
import type { Place } from './location.ts';
import type { Owners } from './owners.ts';
import type { VersionBody } from './version-body.ts';
import { type Newest, readNewest } from './versions.ts';

/** A copy of the newest version at a path of the user's choosing. Nothing is ever read from it. */
export interface Mirror {
  /** Before the first use: rejects with RangeError where a directory stands at `path`, which somebody meant as `directory`. */
  assertNoDirectory(): Promise<void>;
  /** Never rejects. */
  update(place: Place, body: VersionBody): Promise<void>;
}

/** One at each end of the text: a damage at one place leaves the other. */
const MARKS = ['{\n  "format": "kis-token-mirror/1"', '"writtenBy": "@kis/storage-file"'] as const;

export function createMirror(path: string, owners: Owners, emit: EventSink): Mirror {
  let isRefusalSaid = false;
  let isNoDirectory = false;

  async function isOurs(): Promise<boolean> {
    const reason = await refusal(path);
    if (reason !== undefined && !isRefusalSaid) {
      isRefusalSaid = true;
      emit({ type: 'mirror-refused', path, reason });
    }
    return reason === undefined;
  }

  async function copy(place: Place, body: VersionBody): Promise<void> {
    let newest: Newest = { n: body.n, body };
    while (await isOurs()) {
      await replaceFile(path, join(dirname(path), owners.tempName()), describe(newest, place.key));
      // Another writer's newer copy may have been here before this one.
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
        await copy(place, body);
      } catch (error) {
        emit({ type: 'mirror-failed', path, error: error as Error });
      }
    },
  };
}

function describe({ n, body }: Newest, key: string): Buffer {
  const [format, writtenBy] = MARKS;
  const content = JSON.stringify({ key, n, record: body?.record ?? null }, null, 2).slice(2, -2);
  return Buffer.from(
    `${format},\n  "note": "A copy for people: changing it changes nothing.",\n${content},\n  ${writtenBy}\n}\n`,
  );
}

/** Why `path` must not be written; undefined where it may: nothing is there, or a mirror, whole or damaged. */
async function refusal(path: string): Promise<string | undefined> {
  try {
    const found = await readRegularFile(path);
    if (typeof found === 'string') return `is ${found}`;
    const text = found.toString('utf8');
    const isBlank = /^(?:[\s\0]*|null\s*)$/.test(text);
    return isBlank || MARKS.some((mark) => text.includes(mark) || mark.startsWith(text))
      ? undefined
      : 'was written by another program';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
