import type { TokenStatus } from '@kis/token-core';
import type { Accounts } from '../accounts/accounts.ts';

/** How the tokens stand, as of a moment ago: a look at the storage costs a read, and many ask. */
export interface TokenStatuses {
  /** Looks anew where the last look is older than some seconds. */
  refresh(): void;
  /** Something has changed: the next `refresh` looks. */
  forget(): void;
  last(account: string): TokenStatus | undefined;
}

const AGE_MS = 2_000;

export function createTokenStatuses(accounts: Accounts): TokenStatuses {
  const known = new Map<string, TokenStatus>();
  let [lookedMs, isLooking] = [-Infinity, false];

  async function look(): Promise<void> {
    isLooking = true;
    try {
      for (const { name, client } of accounts.all) known.set(name, await client.tokens.status());
    } finally {
      isLooking = false;
      lookedMs = performance.now();
    }
  }

  return {
    refresh() {
      // What fails keeps the last status; `/readyz` says what is missing.
      if (!isLooking && performance.now() - lookedMs >= AGE_MS) look().catch(() => {});
    },
    forget() {
      lookedMs = -Infinity;
    },
    last: (account) => known.get(account),
  };
}
