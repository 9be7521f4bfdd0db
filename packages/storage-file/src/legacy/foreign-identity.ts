import fs from 'node:fs';
import { isMirrorCopy } from '../mirror-copy.ts';

const NOTHING = '';
/** Beyond this it is no token file. */
const MAX_BYTES = 1 << 20;

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
    const found = fs.statSync(path);
    return found.isFile() && found.size <= MAX_BYTES ? `${found.ino}:${found.size}:${found.mtimeMs}` : NOTHING;
  } catch {
    return NOTHING;
  }
}

function isMirror(path: string): boolean {
  try {
    return isMirrorCopy(fs.readFileSync(path));
  } catch {
    return false;
  }
}
