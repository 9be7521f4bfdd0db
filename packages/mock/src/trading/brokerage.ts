import type { Market } from '../market/market.ts';
import { createTradingAccount, type TradingAccount } from './trading-account.ts';

/** Keeps one account for each app key. */
export interface Brokerage {
  /**
   * Undefined where the number is none, or not that of the app key's account: the one that was given, or the first that is asked
   * about and nobody else's.
   */
  account(appKey: string, accountNo: string): TradingAccount | undefined;
}

export function createBrokerage(options: {
  readonly market: Market;
  /** Of every account at first, in won. */
  readonly cash: number;
  /** Who has an account of a given number. */
  readonly owners: readonly { readonly appKey: string; readonly accountNo?: string | undefined }[];
}): Brokerage {
  const { market, cash } = options;
  const accountNos = new Map<string, string>();
  const owners = new Map<string, string>();
  const open = (appKey: string, accountNo: string): void => {
    accountNos.set(appKey, accountNo);
    owners.set(accountNo, appKey);
  };
  for (const { appKey, accountNo } of options.owners) if (accountNo !== undefined) open(appKey, accountNo);
  const accounts = new Map<string, TradingAccount>();
  return {
    account(appKey, accountNo) {
      if (!isAccountNo(accountNo)) return undefined;
      if (!accountNos.has(appKey) && !owners.has(accountNo)) open(appKey, accountNo);
      if (owners.get(accountNo) !== appKey) return undefined;
      const account = accounts.get(appKey) ?? createTradingAccount(market, cash);
      accounts.set(appKey, account);
      return account;
    },
  };
}

/** Eight digits and two, as `12345678-01`. */
export function isAccountNo(value: unknown): value is string {
  return typeof value === 'string' && /^\d{8}-\d{2}$/.test(value);
}
