import type { TokenStorage } from '@kis/token-core';
import { UnsupportedError } from './errors.ts';

type CreateFileStorage = (options: {
  readonly path?: string | undefined;
  readonly encryptionKey?: string | undefined;
  readonly onEvent?: ((event: { readonly type: string }) => void) | undefined;
}) => TokenStorage;

/**
 * `createFileStorage` of `@kis/storage-file`, an optional peer that is loaded when it is needed.
 *
 * Rejects with UnsupportedError, which says what to install, when it is not there.
 */
export async function loadFileStorage(
  load: () => Promise<{ readonly createFileStorage: CreateFileStorage }> = () => import('@kis/storage-file'),
): Promise<CreateFileStorage> {
  try {
    return (await load()).createFileStorage;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UnsupportedError(
      'createKisClientFromEnv',
      'a token file without @kis/storage-file',
      'npm install @kis/storage-file',
    );
  }
}

/** ESM and CJS name it differently. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
    error.message.includes('@kis/storage-file')
  );
}
