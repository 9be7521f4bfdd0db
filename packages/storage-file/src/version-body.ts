import { createHash } from 'node:crypto';
import type { TokenRecord } from '@kis/token-core';

/** What a version file says. */
export interface VersionBody {
  readonly key: string;
  readonly n: number;
  /** Random: with `n` it makes the version that callers see, and tells a writer whether a file is its own. */
  readonly nonce: string;
  /** The version this one was written over; null where that was nothing readable. */
  readonly prev: string | null;
  /** Null: emptied. */
  readonly record: TokenRecord | null;
}

const HEAD = '{"format":"kis-token-version/1","sha256":"';
const SHA256_LENGTH = 64;

/** JSON whose `sha256` is that of every byte after it, so that a byte changed anywhere shows. */
export function encodeVersion({ key, n, nonce, prev, record }: VersionBody): Buffer {
  const payload = `,${JSON.stringify({ key, n, nonce, prev, record }).slice(1)}\n`;
  return Buffer.from(`${HEAD}${sha256(payload)}"${payload}`);
}

/** Undefined: not, or no longer, what `encodeVersion` made. */
export function decodeVersion(bytes: Buffer): VersionBody | undefined {
  const sumEnd = HEAD.length + SHA256_LENGTH;
  const payload = bytes.subarray(sumEnd + 1);
  if (bytes.toString('latin1', 0, sumEnd + 1) !== `${HEAD}${sha256(payload)}"`) return undefined;
  return JSON.parse(bytes.toString('utf8')) as VersionBody;
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
