import type { Decoded, Format } from './place.ts';
import { sha256 } from './sha256.ts';

/** What a version file says. */
export interface VersionBody<T> extends Decoded<T> {
  readonly key: string;
  readonly n: number;
  /** Random: with `n` it makes the version that callers see, and tells a writer whether a file is its own. */
  readonly nonce: string;
  /** The version this one was written over; null where that was nothing readable. */
  readonly prev: string | null;
}

const SHA256_LENGTH = 64;

/** JSON whose `sha256` is that of every byte after it, so that a byte changed anywhere shows. */
export function encodeVersion<T>({ key, n, nonce, prev, value }: VersionBody<T>, format: Format<T>): Buffer {
  const label = { key, n, nonce, prev };
  const payload = `,${JSON.stringify({ ...label, ...format.encode(value, JSON.stringify(label)) }).slice(1)}\n`;
  return Buffer.from(`${headOf(format)}${sha256(payload)}"${payload}`);
}

/** Undefined: not, or no longer, what `encodeVersion` made. */
export function decodeVersion<T>(bytes: Buffer, format: Format<T>): VersionBody<T> | undefined {
  const head = headOf(format);
  const sumEnd = head.length + SHA256_LENGTH;
  const payload = bytes.subarray(sumEnd + 1);
  if (bytes.toString('latin1', 0, sumEnd + 1) !== `${head}${sha256(payload)}"`) return undefined;
  const content = parse(bytes.toString('utf8'));
  if (!isObject(content)) return undefined;
  const { key, n, nonce, prev } = content;
  const isLabel = typeof key === 'string' && typeof n === 'number' && typeof nonce === 'string';
  if (!isLabel || !(prev === null || typeof prev === 'string')) return undefined;
  const label = { key, n, nonce, prev };
  const decoded = format.decode(content, JSON.stringify(label));
  return decoded && { ...label, ...decoded };
}

function headOf({ name }: Pick<Format<never>, 'name'>): string {
  return `{"format":"${name}","sha256":"`;
}

// Whoever tampers with a file can make its sum fit.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
