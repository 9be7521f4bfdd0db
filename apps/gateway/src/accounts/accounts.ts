import type { Account } from './account.ts';

/** Which account is meant. */
export interface Accounts {
  readonly all: readonly Account[];
  /** Without a name the first. */
  byName(name?: string | undefined): Account | undefined;
  byAppKey(appKey: string): Account | undefined;
}

export function createAccounts(all: readonly Account[]): Accounts {
  const names = new Map(all.map((account) => [account.name, account]));
  const keys = new Map(all.map((account) => [account.appKey, account]));
  return {
    all,
    byName: (name) => (name === undefined ? all[0] : names.get(name)),
    byAppKey: (appKey) => keys.get(appKey),
  };
}
