import type { TokenStatus } from '@kis/token-core';
import type { Accounts } from '../accounts/accounts.ts';
import { createLook, type Look } from './look.ts';
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
  const look: Look<ReadonlyMap<string, TokenStatus>> = createLook(async () => {
    const found = accounts.all.map(async ({ name, client }) => [name, await within(client.tokens.status())] as const);
    // `/readyz` says what is missing.
    const known = (await Promise.allSettled(found)).flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
    return new Map([...(look.last ?? []), ...known]);
  });
  return {
    look: async () => void (await look.take()),
    forget: look.forget,
    last: (account) => look.last?.get(account),
  };
}
