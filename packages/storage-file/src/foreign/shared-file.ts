import type { FileHandle } from 'node:fs/promises';
import { hasCode, openRegularFile, type Refusal } from '@kis/versioned-file/parts';
import { identify } from '../file-identity.ts';
import { isLegacyToken, parseLegacyFile } from '../legacy/legacy-file.ts';
import { lookPatiently } from './patience.ts';

/** A look at a file that another program opens, empties and writes in its place, at any moment. */
export interface SharedLook {
  /** As of right before it was opened. */
  readonly identity: string;
  readonly uid: number;
  readonly bytes: Buffer;
  /** What stands now in the file that was read, whatever has its name. */
  readAgain(): Promise<Buffer>;
  /** To be called once or more. */
  close(): Promise<void>;
}

/** Undefined: nothing is there. What holds no token is looked at again for a short while. */
export function lookAtSharedFile(path: string): Promise<SharedLook | Refusal | undefined> {
  return lookPatiently(
    () => lookOnce(path),
    (seen) => typeof seen !== 'object' || holdsToken(seen.bytes),
    (seen) => (typeof seen === 'object' ? seen.close() : undefined),
  );
}

async function lookOnce(path: string): Promise<SharedLook | Refusal | undefined> {
  const identity = await identify(path);
  if (identity === undefined) return undefined;
  const opened = await openRegularFile(path, 'refuse').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (opened === undefined || typeof opened === 'string') return opened;
  const { file, found } = opened;
  try {
    const bytes = await readFromStart(file);
    return {
      identity,
      uid: found.uid,
      bytes,
      readAgain: () => lookPatiently(() => readFromStart(file), holdsToken),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readFromStart(file: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc((await file.stat()).size);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return bytes.subarray(0, bytesRead);
}

function holdsToken(bytes: Buffer): boolean {
  return isLegacyToken(parseLegacyFile(bytes));
}
