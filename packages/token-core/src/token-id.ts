import { sha256 } from './key.ts';
import type { Token } from './ports.ts';

/** How a token is named where it must not appear. */
export function tokenId(token: Token): string {
  return sha256(token.value).slice(0, 12);
}
