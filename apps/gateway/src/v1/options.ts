import type { Account } from '../accounts/account.ts';

export interface V1Options {
  /** Throws a problem for a name that no account has. */
  accountOf(name: string | undefined): Account;
}
