import { dirname, join } from 'node:path';
import type { TokenRecord } from '@kis/token-core';
import type { EventSink } from './events.ts';
import { hasCode, type Refusal, readRegularFile, replaceFile } from './files.ts';
import { isLegacyToken, parseLegacyFile } from './legacy/legacy-file.ts';
import type { Place } from './location.ts';
import type { PutMirror } from './mirror.ts';
import type { Owners } from './owners.ts';
import type { Newest } from './versions.ts';

/** One at each end of the text: a damage at one place leaves the other. */
const MARKS = ['{\n  "format": "kis-token-mirror/1"', '"writtenBy": "@kis/storage-file"'] as const;

/** Keeps a copy of the newest version for people. Nothing is ever read from it, and no other file is ever written over. */
export function createMirrorCopy(path: string, owners: Owners, emit: EventSink): PutMirror {
  let isRefusalSaid = false;
  /** Whose file was last seen at `path`: an empty or a missing one may be anybody's. */
  let owner: 'ours' | 'another' | undefined;

  function refuse(reason: string): boolean {
    if (!isRefusalSaid) emit({ type: 'mirror-refused', path, reason });
    isRefusalSaid = true;
    return false;
  }

  async function mayWrite(): Promise<boolean> {
    const found = await readIfThere(path);
    if (found === undefined) return owner !== 'another';
    if (typeof found === 'string') return refuse(`is ${found}`);
    // Other programs empty their file, too, right before they write it.
    if (found.length === 0) return owner === 'ours' || refuse('is empty, and may be of another program');
    if (isMirrorCopy(found)) return true;
    owner = 'another';
    return isLegacyToken(parseLegacyFile(found)) ? false : refuse('was written by another program');
  }

  return async (place, newest) => {
    if (!(await mayWrite())) return false;
    await replaceFile(path, join(dirname(path), owners.tempName()), describe(newest, place), false);
    owner = 'ours';
    return true;
  };
}

/** Whether this is such a copy, whole or damaged. */
export function isMirrorCopy(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const isBlank = /^(?:[\s\0]*|null\s*)$/.test(text);
  return isBlank || MARKS.some((mark) => text.includes(mark) || mark.startsWith(text));
}

function describe({ n, body }: Newest, { key, sealing }: Place): Buffer {
  const [format, writtenBy] = MARKS;
  const record = body?.record ?? null;
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
