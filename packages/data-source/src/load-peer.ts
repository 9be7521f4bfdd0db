/**
 * An optional peer, loaded when it is needed.
 *
 * Rejects with an Error that says what to install when it is not there.
 */
export async function loadPeer<T>(name: string, source: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new Error(`data-source: the source \`${source}\` needs ${name}: npm install ${name}`, { cause: error });
  }
}

/** ESM and CJS name it differently. */
function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
    error.message.includes(name)
  );
}
