import type { TokenStatus } from '@kis/token-core';
import type { Accounts } from '../accounts/accounts.ts';
import { createLook } from './look.ts';
import { within } from './within.ts';

/** How the tokens stand, as of a moment ago: a look at the storage costs a read, and many ask. */
export interface TokenStatuses {
  /** Resolves when `last` is no older than that; a token that cannot be looked at keeps its last status. */
  look(): Promise<void>;
  /** Something has changed: the next `look` is a new one. */
  forget(): void;
  last(account: string): TokenStatus | undefined;
}

export function createTokenStatuses(accounts: Accounts): TokenStatuses {
  const known = new Map<string, TokenStatus>();
  const { take, forget } = createLook(async () => {
    const looks = accounts.all.map(async ({ name, client }) => known.set(name, await within(client.tokens.status())));
    // `/readyz` says what is missing.
    await Promise.allSettled(looks);
  });
  return { look: take, forget, last: (account) => known.get(account) };
}
