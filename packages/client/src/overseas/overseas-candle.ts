import type { Fields } from '../fields.ts';
import type { OverseasStock } from './exchanges.ts';

/**
 * One day, week, month, or some minutes of a stock abroad; prices in the exchange's currency. The newest one is unfinished while
 * the exchange is open.
 */
export interface OverseasCandle extends OverseasStock {
  /** `YYYYMMDD` at the exchange; of a week or month the day by which KIS names it. KIS: `xymd`. */
  readonly date: string;
  /** When it begins; of a day, week or month 00:00 of `date` at the exchange. KIS, of minutes: `xhms`. */
  readonly startMs: number;
  /** KIS: `open`. */
  readonly openPrice: number;
  /** KIS: `high`. */
  readonly highPrice: number;
  /** KIS: `low`. */
  readonly lowPrice: number;
  /** KIS: `clos`, of minutes `last`. */
  readonly closePrice: number;
  /** Shares. KIS: `tvol`, of minutes `evol`. */
  readonly volume: number;
  /** In the exchange's currency. KIS: `tamt`, of minutes `eamt`. */
  readonly tradingValue: number;
}

/** What rows of days and of minutes call alike. */
export function readPrices(fields: Fields): Pick<OverseasCandle, 'openPrice' | 'highPrice' | 'lowPrice'> {
  return { openPrice: fields.number('open'), highPrice: fields.number('high'), lowPrice: fields.number('low') };
}
