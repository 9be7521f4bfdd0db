import type { Accounts } from '../accounts/accounts.ts';
import type { SignalOf } from '../http/callers.ts';

/** What the typed routes are answered with. */
export interface V1Options {
  readonly accounts: Accounts;
  readonly signalOf: SignalOf;
}
