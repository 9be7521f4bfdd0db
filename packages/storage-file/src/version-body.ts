import { createHash } from 'node:crypto';
import type { TokenRecord } from '@kis/token-core';
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
  /** Why the record is hidden from us. Absent: it is not. */
  readonly locked?: string | undefined;
}

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
  if (content === undefined) return undefined;
  const { key, n, nonce, prev, record, sealed } = content;
  if (record !== undefined) return { key, n, nonce, prev, record };
  return sealed === undefined ? undefined : unseal({ key, n, nonce, prev }, sealed, sealing);
}

function unseal(label: Omit<VersionBody, 'record'>, sealed: Sealed, sealing: Sealing | undefined): VersionBody {
  if (sealing === undefined) return { ...label, record: null, locked: 'is encrypted, and there is no `encryptionKey`' };
  const text = sealing.open(sealed, JSON.stringify(label));
  if (text !== undefined) return { ...label, record: JSON.parse(text) as TokenRecord };
  return { ...label, record: null, locked: 'is encrypted with another `encryptionKey`, or was tampered with' };
}

/** Whoever tampers with a file can make its sum fit. */
function parse(text: string): (VersionBody & { readonly sealed?: Sealed }) | undefined {
  try {
    return JSON.parse(text) as VersionBody & { readonly sealed?: Sealed };
  } catch {
    return undefined;
  }
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
