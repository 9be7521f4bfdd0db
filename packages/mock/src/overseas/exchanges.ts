import type { Venue } from '../market/venue.ts';
import { type Country, createSessionDays } from './holidays.ts';
import {
  americanSteps,
  chineseSteps,
  hanoiSteps,
  hoChiMinhSteps,
  hongKongSteps,
  type PriceSteps,
  tokyoSteps,
} from './price-steps.ts';
import { fixedZone, newYork, type Zone } from './zone.ts';

export type ExchangeCode = 'NAS' | 'NYS' | 'AMS' | 'HKS' | 'TSE' | 'SHS' | 'SZS' | 'HSX' | 'HNX';
export type Currency = 'USD' | 'HKD' | 'JPY' | 'CNY' | 'VND';

/** An exchange abroad. */
export interface Exchange {
  readonly code: ExchangeCode;
  readonly country: Country;
  readonly currency: Currency;
  /** Of a price: it is an integer number of 10 to the minus so many of the currency. */
  readonly decimals: number;
  readonly zone: Zone;
  /** How old the prices are that are given away for nothing. */
  readonly delayMs: number;
  /** Sessions, hours and price steps; its times are of the exchange's own clock. */
  readonly venue: Venue;
  /** How many prices of each side are told. */
  readonly bookLevels: number;
  /** How much prices move; undefined: as the seed has it. Low where daily limits are narrow. */
  readonly liveliness: number | undefined;
  /** Sessions from a trade to its settlement. */
  readonly settlesAfter: number;
}

type Hours = Pick<Venue, 'openMs' | 'tradingMinutes' | 'closeMinute'>;

const LATE_MS = 15 * 60_000;

/** The exchanges abroad by their codes. */
export function createExchanges(): ReadonlyMap<string, Exchange> {
  const american = {
    country: 'US',
    currency: 'USD',
    decimals: 4,
    bookLevels: 10,
    liveliness: undefined,
    settlesAfter: 1,
    zone: newYork,
    delayMs: 0,
    venue: venue('US', hours([9, 30], [16, 0], [16, 0]), americanSteps()),
  } as const;
  const hongKong = {
    country: 'HK',
    currency: 'HKD',
    decimals: 3,
    bookLevels: 1,
    liveliness: undefined,
    settlesAfter: 2,
    zone: fixedZone(8),
    delayMs: LATE_MS,
    venue: venue('HK', hours([9, 30], [16, 0], [16, 8]), hongKongSteps()),
  } as const;
  const japanese = {
    country: 'JP',
    currency: 'JPY',
    decimals: 1,
    bookLevels: 1,
    liveliness: 0.7,
    settlesAfter: 2,
    zone: fixedZone(9),
    delayMs: LATE_MS,
    venue: venue('JP', hours([9, 0], [15, 25], [15, 30]), tokyoSteps()),
  } as const;
  const chinese = {
    country: 'CN',
    currency: 'CNY',
    decimals: 3,
    bookLevels: 1,
    liveliness: 0.4,
    settlesAfter: 1,
    zone: fixedZone(8),
    delayMs: LATE_MS,
    venue: venue('CN', hours([9, 30], [14, 57], [15, 0]), chineseSteps()),
  } as const;
  const vietnamese = {
    country: 'VN',
    currency: 'VND',
    decimals: 0,
    bookLevels: 1,
    liveliness: 0.4,
    settlesAfter: 2,
    zone: fixedZone(7),
    delayMs: LATE_MS,
  } as const;
  const all: readonly Exchange[] = [
    { code: 'NAS', ...american },
    { code: 'NYS', ...american },
    { code: 'AMS', ...american },
    { code: 'HKS', ...hongKong },
    { code: 'TSE', ...japanese },
    { code: 'SHS', ...chinese },
    { code: 'SZS', ...chinese },
    { code: 'HSX', ...vietnamese, venue: venue('VN', hours([9, 15], [14, 30], [14, 45]), hoChiMinhSteps()) },
    { code: 'HNX', ...vietnamese, venue: venue('VN', hours([9, 0], [14, 30], [14, 45]), hanoiSteps()) },
  ];
  return new Map(all.map((exchange) => [exchange.code, exchange]));
}

function venue(country: Country, hours: Hours, steps: PriceSteps): Venue {
  return { ...hours, ...steps, isSession: createSessionDays(country) };
}

type TimeOfDay = readonly [hour: number, minute: number];

/** Without the breaks that Asia makes at noon. */
function hours(open: TimeOfDay, endOfTrading: TimeOfDay, close: TimeOfDay): Hours {
  const minutes = ([hour, minute]: TimeOfDay): number => hour * 60 + minute;
  return {
    openMs: minutes(open) * 60_000,
    tradingMinutes: minutes(endOfTrading) - minutes(open),
    closeMinute: minutes(close) - minutes(open),
  };
}
