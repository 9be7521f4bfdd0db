import { sha256 } from '@kis/versioned-file/parts';
import type { LegacyFault, LegacyToken } from './legacy-file.ts';

/** Whose token is wanted. */
export interface WantedOwner {
  isAppKey(appKey: string): boolean;
  /** Compared where both it and the file's are known. */
  readonly appSecret?: string | undefined;
  /** Whether a token that does not say whose it is will do, because somebody vouches for it. */
  readonly mayBeUnnamed: boolean;
}

/** Undefined: it belongs to that owner. */
export function findOwnerFault(found: LegacyToken, wanted: WantedOwner): LegacyFault | undefined {
  const { format, owner, appSecret } = found;
  if (owner === undefined) {
    const detail = `(${format}) does not say whose token it holds: it has no \`api_key\`, and the token no \`jti\``;
    return wanted.mayBeUnnamed ? undefined : { reason: 'wrong-app-key', detail };
  }
  if (!wanted.isAppKey(owner.appKey)) {
    const field = owner.field === 'jti' ? "the token's `jti`" : '`api_key`';
    return { reason: 'wrong-app-key', detail: `(${format}) holds the token of another app key, by ${field}` };
  }
  if (wanted.appSecret !== undefined && appSecret !== undefined && appSecret !== wanted.appSecret) {
    return { reason: 'wrong-app-secret', detail: `(${format}) was written with another app secret, by \`api_secret\`` };
  }
  return undefined;
}

/** Whether a storage key (`real-` or `virtual-`, the sha256 of the app key, and perhaps what tells a mock) is that of an app key. */
export function isOfAppKey(key: string, appKey: string): boolean {
  return /^(?:real|virtual)-([0-9a-f]{64})(?:-[0-9a-f]{8})?$/.exec(key)?.[1] === sha256(appKey);
}
