import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Storage } from '../accounts/storage.ts';
import type { Missing } from '../live/events.ts';
import { createLook } from './look.ts';
import type { FoundToken, TokenStatuses } from './token-statuses.ts';
import { within } from './within.ts';

interface Ready {
  readonly ready: boolean;
  readonly missing: readonly Missing[];
  /** What is known of each, in a sentence; and of what is not as it should be, and served without. */
  readonly details: readonly string[];
}

interface Found {
  readonly missing?: Missing;
  readonly detail: string;
}

/** Whether calls can be served: tokens usable, storage readable and writable, breakers not open. */
export interface Readiness {
  /** Storage and tokens as of a moment ago, all else as it is. */
  look(): Promise<Ready>;
  /** Something has changed: the next `look` asks the storage anew. */
  forget(): void;
  /** Of what the last look found. */
  readonly last: Ready;
}

export function createReadiness(accounts: Accounts, storage: Storage, statuses: TokenStatuses): Readiness {
  const probe = createLook(() => checkStorage(storage));

  function read(): Ready {
    const found = [
      ...(probe.last ?? []),
      ...accounts.all.flatMap((account) => checkAccount(account, statuses.last(account.name))),
    ];
    const missing = [...new Set(found.flatMap((it) => it.missing ?? []))];
    return { ready: missing.length === 0, missing, details: found.map(({ detail }) => detail) };
  }

  return {
    async look() {
      await Promise.all([probe.take(), statuses.look()]);
      return read();
    },
    forget: probe.forget,
    get last() {
      return read();
    },
  };
}

async function checkStorage(storage: Storage): Promise<Found[]> {
  try {
    await within(storage.check());
    return [];
  } catch (error) {
    return [{ missing: 'storage', detail: (error as Error).message }];
  }
}

function checkAccount({ name, breaker, sharing }: Account, { status, fault }: FoundToken): Found[] {
  const found: Found[] = [];
  if (breaker.state === 'OPEN') found.push({ missing: 'breaker', detail: `${name}: KIS has failed too often` });
  const { share } = sharing;
  if (share !== undefined) {
    const { limit, windowMs } = share;
    const detail = `${name}: the shared budget cannot be reached, so it goes by ${limit} calls in ${windowMs} ms`;
    found.push({ detail });
  }
  if (fault !== undefined || status?.valid !== true) {
    const why = (fault ?? status?.lastError)?.message ?? status?.state ?? 'not looked at yet';
    found.push({ missing: 'token', detail: `${name}: ${why}` });
  }
  return found;
}
