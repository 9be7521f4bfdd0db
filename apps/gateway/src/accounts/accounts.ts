import type { Account } from './account.ts';

/** Which account is meant. */
export interface Accounts {
  readonly all: readonly Account[];
  /** Without a name the first. Throws NoAccountError. */
  byName(name?: string | undefined): Account;
  byAppKey(appKey: string): Account | undefined;
}

class NoAccountError extends Error {
  override readonly name = 'NoAccountError';
  readonly code = 'ERR_NO_ACCOUNT';

  constructor() {
    super('There is no such account');
  }
}

export function createAccounts(all: readonly Account[]): Accounts {
  const names = new Map(all.map((account) => [account.name, account]));
  const keys = new Map(all.map((account) => [account.appKey, account]));
  return {
    all,
    byName(name) {
      const account = name === undefined ? all[0] : names.get(name);
      if (account === undefined) throw new NoAccountError();
      return account;
    },
    byAppKey: (appKey) => keys.get(appKey),
  };
}
