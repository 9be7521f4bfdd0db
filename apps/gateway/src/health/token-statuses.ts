import type { TokenStatus } from '@kis/token-core';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { createLook, type Look } from './look.ts';
import { within } from './within.ts';

/** How the tokens stand, as of a moment ago: a look at the storage costs a read, and many ask. */
export interface TokenStatuses {
  /** Resolves when `last` is no older than that. */
  look(): Promise<void>;
  /** Something has changed: the next `look` is a new one. */
  forget(): void;
  last(account: string): FoundToken;
}

/** Empty before the first look. */
export interface FoundToken {
  /** Where it could not be looked at now, that of an earlier look. */
  readonly status?: TokenStatus | undefined;
  /** Why it could not be looked at now. */
  readonly fault?: Error | undefined;
}

export function createTokenStatuses(accounts: Accounts): TokenStatuses {
  const look: Look<ReadonlyMap<string, FoundToken>> = createLook(
    async () => new Map(await Promise.all(accounts.all.map(async (it) => [it.name, await find(it)] as const))),
  );
  const last = (account: string) => look.last?.get(account) ?? {};

  async function find({ name, client }: Account): Promise<FoundToken> {
    try {
      return { status: await within(client.tokens.status()) };
    } catch (error) {
      return { status: last(name).status, fault: error as Error };
    }
  }

  return { look: async () => void (await look.take()), forget: look.forget, last };
}
