import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Storage } from '../accounts/storage.ts';

interface Ready {
  readonly ready: boolean;
  readonly missing: readonly Missing[];
  /** What is known of each, in a sentence. */
  readonly details: readonly string[];
}

type Missing = 'storage' | 'token' | 'breaker';
type Found = readonly [missing: Missing, detail: string];

/** Whether calls can be served: tokens usable, storage readable and writable, breakers not open. */
export interface Readiness {
  look(): Promise<Ready>;
  /** Looks in the background, where the last look is older than some seconds. */
  refresh(): void;
  readonly last: Ready;
}

/** A probe writes and syncs a file, so that whoever asks more often gets the last answer. */
const AGE_MS = 2_000;
/** A storage that hangs is none. */
const LONGEST_MS = 5_000;

export function createReadiness(accounts: Accounts, storage: Storage): Readiness {
  let last: Ready = { ready: false, missing: [], details: ['not looked at yet'] };
  let lookedMs = -Infinity;
  let looking: Promise<Ready> | undefined;

  async function findOut(): Promise<Ready> {
    const found = await Promise.all([checkStorage(storage), ...accounts.all.map(checkAccount)]);
    const list = found.flat();
    const missing = [...new Set(list.map(([name]) => name))];
    last = { ready: missing.length === 0, missing, details: list.map(([, detail]) => detail) };
    return last;
  }

  async function look(): Promise<Ready> {
    if (performance.now() - lookedMs < AGE_MS) return last;
    looking ??= findOut().finally(() => {
      lookedMs = performance.now();
      looking = undefined;
    });
    return looking;
  }

  return {
    look,
    refresh: () => void look(),
    get last() {
      return last;
    },
  };
}

async function checkStorage(storage: Storage): Promise<Found[]> {
  try {
    await within(storage.check());
    return [];
  } catch (error) {
    return [['storage', (error as Error).message]];
  }
}

async function checkAccount({ name, client, breaker }: Account): Promise<Found[]> {
  const found: Found[] = [];
  if (breaker.state === 'OPEN') found.push(['breaker', `${name}: KIS has failed too often`]);
  try {
    const { valid, state, lastError } = await within(client.tokens.status());
    if (!valid) found.push(['token', `${name}: ${lastError?.message ?? state}`]);
  } catch (error) {
    found.push(['token', `${name}: ${(error as Error).message}`]);
  }
  return found;
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
