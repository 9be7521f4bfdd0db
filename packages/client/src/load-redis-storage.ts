import type { TokenStorage } from '@kis/token-core';
import { loadPeer } from './load-peer.ts';

type CreateRedisStorage = (options: {
  readonly url?: string | undefined;
  readonly password?: string | undefined;
  readonly onEvent?: ((event: { readonly type: string }) => void) | undefined;
}) => TokenStorage;

/** `createRedisStorage` of `@kis/storage-redis`. Rejects with UnsupportedError when it is not there. */
export async function loadRedisStorage(
  load: () => Promise<{ readonly createRedisStorage: CreateRedisStorage }> = () => import('@kis/storage-redis'),
): Promise<CreateRedisStorage> {
  return (await loadPeer('@kis/storage-redis', 'a token in Redis', load)).createRedisStorage;
}
