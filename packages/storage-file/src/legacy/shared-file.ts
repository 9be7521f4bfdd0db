import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, openRegularFile, type Refusal } from '../files.ts';
import { isLegacyToken, parseLegacyFile } from './legacy-file.ts';

/** A file that another program opens, empties and writes in its place, at any moment. */
export interface SharedFile {
  readonly uid: number;
  /** Its bytes, once they hold a token; else what they are after a short wait. */
  read(): Promise<Buffer>;
  close(): Promise<void>;
}

/** From opening to closing, such a program takes less than one of these. */
const PATIENCE_MS = [10, 10, 10];

/** Undefined: nothing is there. The file stays the same one when another takes its name. */
export async function openSharedFile(path: string): Promise<SharedFile | Refusal | undefined> {
  const file = await openRegularFile(path, 'refuse').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (file === undefined || typeof file === 'string') return file;

  async function readOnce(): Promise<Buffer> {
    const bytes = Buffer.alloc((await handle.stat()).size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  }
  const handle = file;
  const { uid } = await handle.stat();
  return {
    uid,
    async read() {
      let bytes = await readOnce();
      for (const waitMs of PATIENCE_MS) {
        if (isLegacyToken(parseLegacyFile(bytes))) break;
        await sleep(waitMs);
        bytes = await readOnce();
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}
