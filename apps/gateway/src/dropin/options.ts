import type { Accounts } from '../accounts/accounts.ts';
import type { SignalOf } from '../http/callers.ts';
import type { IsKey } from '../http/keys.ts';
import type { Problems } from '../live/problems.ts';

/** What KIS's own paths are answered with. */
export interface DropInOptions {
  readonly accounts: Accounts;
  readonly signalOf: SignalOf;
  readonly isKey: IsKey;
  readonly needsKey: boolean;
  /** Told of what KIS refused, or did not answer. */
  readonly note: Problems['note'];
}
