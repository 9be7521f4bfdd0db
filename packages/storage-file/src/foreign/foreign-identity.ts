import fs from 'node:fs';
import { MAX_BYTES } from '@kis/versioned-file/parts';
import { identityOf } from '../file-identity.ts';
import { isMirrorCopy } from '../mirror-copy.ts';

const NOTHING = '';

/** Tells the file of another program from what it was before; a mirror of ours always is the same as nothing. */
export function createForeignIdentity(path: string): () => string {
  let stood = NOTHING;
  let identity = NOTHING;

  return () => {
    const stands = identify(path);
    if (stands !== stood) identity = stands === NOTHING || isMirror(path) ? NOTHING : stands;
    stood = stands;
    return identity;
  };
}

function identify(path: string): string {
  try {
    const found = fs.statSync(path, { bigint: true });
    return found.isFile() && found.size <= MAX_BYTES ? identityOf(found) : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** Waits for nobody: by now it may be a FIFO. */
function isMirror(path: string): boolean {
  try {
    const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const found = fs.fstatSync(file);
      return found.isFile() && found.size <= MAX_BYTES && isMirrorCopy(fs.readFileSync(file));
    } finally {
      fs.closeSync(file);
    }
  } catch {
    return false;
  }
}
