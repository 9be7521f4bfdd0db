import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a file holds; or why that is no good, with nothing of it and without its path, which may be a secret by mistake. */
export type TextFile = { readonly text: string } | { readonly fault: string };

/** Reads a small file of UTF-8. Waits for nobody: a FIFO is no such file. */
export function readTextFile(path: string, maxBytes: number): TextFile {
  let bytes: Buffer | undefined;
  try {
    bytes = readBytes(path, maxBytes + 1);
  } catch (error) {
    return { fault: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
  if (bytes === undefined) return { fault: 'is no regular file' };
  if (bytes.length > maxBytes) return { fault: `holds more than ${maxBytes} bytes` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? { fault: 'begins with a byte order mark' } : { text };
  } catch {
    return { fault: 'is not UTF-8' };
  }
}

/** Undefined: that is no regular file. */
function readBytes(path: string, most: number): Buffer | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
