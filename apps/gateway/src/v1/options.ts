import type { Account } from '../accounts/account.ts';
import type { SignalOf } from '../http/callers.ts';

export interface V1Options {
  /** Throws NoAccountError for a name that no account has. */
  accountOf(name: string | undefined): Account;
  readonly signalOf: SignalOf;
}
