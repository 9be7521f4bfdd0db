import { dirname, join } from 'node:path';
import type { TokenRecord } from '@kis/token-core';
import {
  hasCode,
  type Owners,
  type Refusal,
  readRegularFile,
  removeQuietly,
  writeNewFile,
} from '@kis/versioned-file/parts';
import type { EventSink } from './events.ts';
import { identify } from './file-identity.ts';
import { isBlank, isLegacyToken, parseLegacyFile } from './legacy/legacy-file.ts';
import type { Place } from './location.ts';
import type { MirrorFile } from './mirror.ts';
import type { NewestRecord } from './newest-record.ts';
import { swapFile } from './swap-file.ts';

/** One at each end of the text: a damage at one place leaves the other. */
const MARKS = ['{\n  "format": "kis-token-mirror/1"', '"writtenBy": "@kis/storage-file"'] as const;

/** What Python programs name their pickles; some of them end at one that is none. */
const PICKLE_NAME = /\.(?:dat|key|pickle|pkl)$/i;
const MAX_TRIES = 10;

/** Keeps a copy of the newest version for people. It decides nothing, so whatever may be another program's is left alone. */
export function createMirrorCopy(path: string, owners: Owners, emit: EventSink): MirrorFile {
  let isRefusalSaid = false;
  /** Another program's file was last seen there: where it is missing now it is to come back. */
  let isAnothers = false;

  function refuse(reason: string): boolean {
    if (!isRefusalSaid) emit({ type: 'mirror-refused', path, reason });
    isRefusalSaid = true;
    return false;
  }

  async function mayWrite(): Promise<boolean> {
    const found = await readIfThere(path);
    if (found === undefined) return !isAnothers;
    if (typeof found === 'string') return refuse(`is ${found}`);
    // Other programs empty their file, and ours, too, right before they write it.
    if (isBlank(found)) return refuse('is empty, and may be of another program');
    isAnothers = !isMirrorCopy(found);
    if (!isAnothers) return true;
    return isLegacyToken(parseLegacyFile(found)) ? false : refuse('was written by another program');
  }

  return {
    async put(place, newest) {
      if (PICKLE_NAME.test(path)) return false;
      const temp = join(dirname(path), owners.tempName());
      let isTempThere = false;
      try {
        for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
          const seen = await identify(path);
          if (!(await mayWrite())) return false;
          if (!isTempThere) await writeNewFile(temp, describe(newest, place), false);
          isTempThere = true;
          if (await swapFile(temp, path, seen)) return true;
        }
        return false;
      } finally {
        if (isTempThere) await removeQuietly(temp);
      }
    },
  };
}

/** Whether this is such a copy, whole or damaged at one place. */
export function isMirrorCopy(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  return MARKS.some((mark) => text.includes(mark));
}

function describe({ n, body }: Pick<NewestRecord, 'n' | 'body'>, { key, sealing }: Place): Buffer {
  const [format, writtenBy] = MARKS;
  const record = body?.value ?? null;
  const shown = sealing === undefined ? record : withoutValue(record);
  const note = `A copy for people: changing it changes nothing.${sealing === undefined ? '' : ' The token is encrypted, and not shown.'}`;
  const content = JSON.stringify({ note, key, n, record: shown }, null, 2).slice(2, -2);
  return Buffer.from(`${format},\n${content},\n  ${writtenBy}\n}\n`);
}

function withoutValue(record: TokenRecord | null): unknown {
  if (record?.token === undefined) return record;
  const { value: _value, ...token } = record.token;
  return { ...record, token };
}

async function readIfThere(path: string): Promise<Buffer | Refusal | undefined> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
