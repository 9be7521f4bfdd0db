import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** One secret; or why there is none, with nothing of it. */
export type SecretFile = { readonly value: string } | { readonly fault: string };

const MAX_BYTES = 4_096;

/**
 * Reads a file that holds one secret, as containers mount them. Follows links, which those often are, and waits for nobody: a
 * FIFO is no such file.
 */
export function readSecretFile(path: string): SecretFile {
  let bytes: Buffer | string;
  try {
    bytes = readBytes(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { fault: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})` };
  }
  return typeof bytes === 'string' ? { fault: bytes } : readSecret(bytes);
}

/** The content, or what stands there instead. */
function readBytes(path: string): Buffer | string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (found.isDirectory()) return 'is a directory';
    if (!found.isFile()) return 'is not a regular file';
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    const length = readSync(file, bytes);
    return length > MAX_BYTES ? `holds more than ${MAX_BYTES} bytes` : bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function readSecret(bytes: Buffer): SecretFile {
  const text = decode(bytes);
  if (text === undefined) return { fault: 'is not UTF-8 text' };
  if (text.startsWith('\uFEFF')) return { fault: 'begins with a byte order mark' };
  // Editors and `echo` put one newline at the end, and nobody means it.
  const value = text.replace(/\r?\n$/, '');
  if (value === '') return { fault: 'is empty' };
  if (/[\s\p{Cc}\p{Cf}]/u.test(value)) return { fault: 'holds blanks, further newlines or control characters' };
  return { value };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
