import { inspect } from 'node:util';
import { checkOneOf } from '../check.ts';

/** Nasdaq, New York, NYSE American; Hong Kong; Tokyo; Shanghai, Shenzhen; Ho Chi Minh City, Hanoi. KIS: `EXCD`. */
export type OverseasExchange = 'NAS' | 'NYS' | 'AMS' | 'HKS' | 'TSE' | 'SHS' | 'SZS' | 'HSX' | 'HNX';

export type OverseasCountry = 'US' | 'HK' | 'JP' | 'CN' | 'VN';

/** A stock or fund that is listed abroad. `{ exchange: 'NAS', symbol: 'AAPL' }` */
export interface OverseasStock {
  readonly exchange: OverseasExchange;
  /** In capitals: `'AAPL'`, `'BRK/B'`, `'00700'`, `'7203'`. KIS: `SYMB`. */
  readonly symbol: string;
}

export const exchangesOf: Readonly<Record<OverseasCountry, readonly OverseasExchange[]>> = {
  US: ['NAS', 'NYS', 'AMS'],
  HK: ['HKS'],
  JP: ['TSE'],
  CN: ['SHS', 'SZS'],
  VN: ['HSX', 'HNX'],
};

/** Names of the IANA time zone database. */
export const timeZones: Readonly<Record<OverseasExchange, string>> = {
  NAS: 'America/New_York',
  NYS: 'America/New_York',
  AMS: 'America/New_York',
  HKS: 'Asia/Hong_Kong',
  TSE: 'Asia/Tokyo',
  SHS: 'Asia/Shanghai',
  SZS: 'Asia/Shanghai',
  HSX: 'Asia/Ho_Chi_Minh',
  HNX: 'Asia/Ho_Chi_Minh',
};

/** @throws TypeError naming what is wrong. */
export function checkOverseasStock({ exchange, symbol }: OverseasStock): OverseasStock {
  const known = Object.values(exchangesOf).flat();
  return { exchange: checkOneOf('exchange', exchange, known), symbol: checkSymbol(symbol) };
}

export function checkSymbol(symbol: string): string {
  if (typeof symbol === 'string' && /^[0-9A-Z./-]{1,16}$/.test(symbol)) return symbol;
  throw new TypeError(
    `client: \`symbol\` must be 1 to 16 digits, capital letters, '.', '/' or '-', got ${inspect(symbol)}`,
  );
}

/** What all calls about a stock abroad begin with. KIS: `AUTH` is always empty. */
export function stockParams({ exchange, symbol }: OverseasStock): { AUTH: string; EXCD: string; SYMB: string } {
  return { AUTH: '', EXCD: exchange, SYMB: symbol };
}

export function describeStock({ exchange, symbol }: OverseasStock): string {
  return `stock ${symbol} on ${exchange}`;
}
