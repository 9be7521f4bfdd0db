import { UnsupportedError } from './errors.ts';

/**
 * An optional peer, which is loaded when it is needed.
 *
 * Rejects with UnsupportedError, which says what to install, when it is not there.
 */
export async function loadPeer<T>(name: string, use: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new UnsupportedError('createKisClientFromEnv', `${use} without ${name}`, `npm install ${name}`);
  }
}

/** ESM and CJS name it differently. In quotes: what the peer itself misses is named with the peer's path. */
function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
    error.message.includes(`'${name}'`)
  );
}
