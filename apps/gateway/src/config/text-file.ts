import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a file holds; or why that is no good, with nothing of it and without its path, which may be a secret by mistake. */
export type TextFile = { readonly text: string } | TextFileFault;

export interface TextFileFault {
  readonly fault: string;
  /** Where it is not what is in the file that has to be mended. */
  readonly remedy?: string | undefined;
}

const NOT_THERE = 'Name a file that is there; one that does not begin with / is looked for where the command was given';
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: NOT_THERE,
  ENOTDIR: NOT_THERE,
  EACCES: 'Let the user that the gateway runs as read it',
};

/** Reads a small file of UTF-8. Waits for nobody: a FIFO is no such file. */
export function readTextFile(path: string, maxBytes: number): TextFile {
  let bytes: Buffer | undefined;
  try {
    bytes = readBytes(path, maxBytes + 1);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { fault: `cannot be read (${code})`, remedy: REMEDIES[code] };
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
