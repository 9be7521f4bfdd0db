import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Storage } from '../accounts/storage.ts';
import type { Missing } from '../live/events.ts';
import { createLook } from './look.ts';
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
  /** As of a moment ago. */
  look(): Promise<Ready>;
  /** Something has changed: the next `look` is a new one. */
  forget(): void;
  readonly last: Ready;
}

const NOT_YET: Ready = { ready: false, missing: [], details: ['not looked at yet'] };

export function createReadiness(accounts: Accounts, storage: Storage): Readiness {
  const look = createLook(async (): Promise<Ready> => {
    const found = (await Promise.all([checkStorage(storage), ...accounts.all.map(checkAccount)])).flat();
    const missing = [...new Set(found.flatMap((it) => it.missing ?? []))];
    return { ready: missing.length === 0, missing, details: found.map(({ detail }) => detail) };
  });
  return {
    look: look.take,
    forget: look.forget,
    get last() {
      return look.last ?? NOT_YET;
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

async function checkAccount({ name, client, breaker, sharing }: Account): Promise<Found[]> {
  const found: Found[] = [];
  if (breaker.state === 'OPEN') found.push({ missing: 'breaker', detail: `${name}: KIS has failed too often` });
  const { share } = sharing;
  if (share !== undefined) {
    const { limit, windowMs } = share;
    const detail = `${name}: the shared budget cannot be reached, so it goes by ${limit} calls in ${windowMs} ms`;
    found.push({ detail });
  }
  try {
    const { valid, state, lastError } = await within(client.tokens.status());
    if (!valid) found.push({ missing: 'token', detail: `${name}: ${lastError?.message ?? state}` });
  } catch (error) {
    found.push({ missing: 'token', detail: `${name}: ${(error as Error).message}` });
  }
  return found;
}
