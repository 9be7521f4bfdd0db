import { createHash } from 'node:crypto';
import type { TokenRecord } from '@kis/token-core';
import { isObject, isTokenRecord } from './record-shape.ts';
import type { Sealed, Sealing } from './sealing.ts';

/** What a version file says. */
export interface VersionBody {
  readonly key: string;
  readonly n: number;
  /** Random: with `n` it makes the version that callers see, and tells a writer whether a file is its own. */
  readonly nonce: string;
  /** The version this one was written over; null where that was nothing readable. */
  readonly prev: string | null;
  /** Null: emptied, or locked. */
  readonly record: TokenRecord | null;
  readonly isSealed?: boolean | undefined;
  /** Why the record is hidden from us. Absent: it is not. */
  readonly locked?: string | undefined;
}

type Label = Pick<VersionBody, 'key' | 'n' | 'nonce' | 'prev'>;

const HEAD = '{"format":"kis-token-version/1","sha256":"';
const SHA256_LENGTH = 64;

/**
 * JSON whose `sha256` is that of every byte after it, so that a byte changed anywhere shows. With `sealing` the record is
 * encrypted. Emptiness never is: whoever may delete the files may say that they are empty.
 */
export function encodeVersion({ key, n, nonce, prev, record }: VersionBody, sealing?: Sealing): Buffer {
  const label = { key, n, nonce, prev };
  const content =
    sealing === undefined || record === null
      ? { record }
      : { sealed: sealing.seal(JSON.stringify(record), JSON.stringify(label)) };
  const payload = `,${JSON.stringify({ ...label, ...content }).slice(1)}\n`;
  return Buffer.from(`${HEAD}${sha256(payload)}"${payload}`);
}

/** Undefined: not, or no longer, what `encodeVersion` made. */
export function decodeVersion(bytes: Buffer, sealing?: Sealing): VersionBody | undefined {
  const sumEnd = HEAD.length + SHA256_LENGTH;
  const payload = bytes.subarray(sumEnd + 1);
  if (bytes.toString('latin1', 0, sumEnd + 1) !== `${HEAD}${sha256(payload)}"`) return undefined;
  const content = parse(bytes.toString('utf8'));
  if (!isObject(content)) return undefined;
  const { key, n, nonce, prev, record, sealed } = content;
  const isLabel = typeof key === 'string' && typeof n === 'number' && typeof nonce === 'string';
  if (!isLabel || !(prev === null || typeof prev === 'string')) return undefined;
  const label = { key, n, nonce, prev };
  if (isObject(sealed)) return unseal(label, sealed as Partial<Sealed>, sealing);
  return record === null || isTokenRecord(record) ? { ...label, record } : undefined;
}

function unseal(label: Label, sealed: Partial<Sealed>, sealing: Sealing | undefined): VersionBody | undefined {
  const hidden = { ...label, record: null, isSealed: true };
  if (sealing === undefined) return { ...hidden, locked: 'is encrypted, and there is no `encryptionKey`' };
  const text = sealing.open(sealed, JSON.stringify(label));
  if (text === undefined) {
    return { ...hidden, locked: 'is encrypted with another `encryptionKey`, or was tampered with' };
  }
  const record = parse(text);
  return isTokenRecord(record) ? { ...hidden, record } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
