import type { TokenStorage } from '@kis/token-core';
import { loadPeer } from './load-peer.ts';

type CreateFileStorage = (options: {
  readonly path?: string | undefined;
  readonly encryptionKey?: string | undefined;
  readonly onEvent?: ((event: { readonly type: string }) => void) | undefined;
}) => TokenStorage;

/** `createFileStorage` of `@kis/storage-file`. Rejects with UnsupportedError when it is not there. */
export async function loadFileStorage(
  load: () => Promise<{ readonly createFileStorage: CreateFileStorage }> = () => import('@kis/storage-file'),
): Promise<CreateFileStorage> {
  return (await loadPeer('@kis/storage-file', 'a token file', load)).createFileStorage;
}
