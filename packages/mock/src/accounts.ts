import { createHash } from 'node:crypto';
import type { AccessToken } from './access-token.ts';
import { isWellFormedKey } from './check.ts';
import { createJournal, type Journal } from './journal.ts';
import type { Settings } from './settings.ts';

/** An app key and its secret. */
export interface Credentials {
  readonly appKey: string;
  readonly appSecret: string;
  /** Eight digits and two, as `12345678-01`. Default: the first that is asked about and is no other key's. KIS: `CANO` and `ACNT_PRDT_CD`. */
  readonly accountNo?: string | undefined;
}

/** All that the fake keeps about one app key. */
export interface Account {
  readonly appKey: string;
  /** How the key stands in the log. */
  readonly appKeyHash: string;
  /** Undefined until somebody brought one. */
  appSecret: string | undefined;
  readonly settings: Settings;
  readonly journal: Journal;
  /** When the accepted calls of the last 1,000 ms arrived, oldest first, on the monotonic clock. */
  readonly accepted: number[];
  readonly tokens: AccessToken[];
  /** The token that is given again, dead or alive, until it is too old. */
  current: AccessToken | undefined;
  isDeadEnd: boolean;
  lastIssueMonotonicMs: number;
}

export interface Accounts {
  /** Of keys that nobody has used yet, too. */
  readonly defaults: Settings;
  find(appKey: string): Account | undefined;
  /** Finds the account, or opens it where any well-formed key may come. */
  admit(appKey: string): Account | undefined;
  all(): Iterable<Account>;
}

export function createAccounts(options: {
  readonly settings: Settings;
  readonly credentials: readonly Credentials[] | undefined;
}): Accounts {
  const defaults = { ...options.settings };
  const accounts = new Map<string, Account>();
  const open = (appKey: string, appSecret: string | undefined): Account => {
    const account: Account = {
      appKey,
      appKeyHash: hashOf(appKey),
      appSecret,
      settings: { ...defaults },
      journal: createJournal(),
      accepted: [],
      tokens: [],
      current: undefined,
      isDeadEnd: false,
      lastIssueMonotonicMs: Number.NEGATIVE_INFINITY,
    };
    accounts.set(appKey, account);
    return account;
  };
  for (const { appKey, appSecret } of options.credentials ?? []) open(appKey, appSecret);

  return {
    defaults,
    find: (appKey) => accounts.get(appKey),
    admit(appKey) {
      const isNew = !options.credentials && isWellFormedKey(appKey);
      return accounts.get(appKey) ?? (isNew ? open(appKey, undefined) : undefined);
    },
    all: () => accounts.values(),
  };
}

/** Whether this is the secret of the account; the first well-formed one that comes is. */
export function acceptsSecret(account: Account, appSecret: unknown): boolean {
  if (!isWellFormedKey(appSecret)) return false;
  account.appSecret ??= appSecret;
  return account.appSecret === appSecret;
}

/** The first 12 hex digits of the sha256 of an app key that was sent. */
export function hashOf(appKey: string): string {
  return appKey === '' ? '' : createHash('sha256').update(appKey).digest('hex').slice(0, 12);
}
