import type { BigIntStats } from 'node:fs';
import fs from 'node:fs/promises';
import { hasCode } from '@kis/versioned-file/parts';

/** Changes whenever a file's content is written, and whenever another file takes its place. */
export function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** Of what has the name `path`, be it a link. Undefined: nothing has. */
export async function identify(path: string): Promise<string | undefined> {
  try {
    return identityOf(await fs.lstat(path, { bigint: true }));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
