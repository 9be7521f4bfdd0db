import type { Fields } from './fields.ts';

/** One day, week, month, or some minutes of a stock; prices in won. The newest one is unfinished while the market is open. */
export interface Candle {
  readonly stockCode: string;
  /** `YYYYMMDD` in Korea; of a week or month the day by which KIS names it. KIS: `stck_bsop_date`. */
  readonly date: string;
  /** When it begins; of a day, week or month 00:00 of `date` in Korea (UTC+9). KIS, of a minute: `stck_cntg_hour`. */
  readonly startMs: number;
  /** KIS: `stck_oprc`. */
  readonly openPrice: number;
  /** KIS: `stck_hgpr`. */
  readonly highPrice: number;
  /** KIS: `stck_lwpr`. */
  readonly lowPrice: number;
  /** KIS: `stck_clpr`, of a minute `stck_prpr`. */
  readonly closePrice: number;
  /** Shares. KIS: `acml_vol`, of a minute `cntg_vol`. */
  readonly volume: number;
  /** Won. KIS: `acml_tr_pbmn`, which runs on from minute to minute; here it is what was traded in these. */
  readonly tradingValue: number;
  /** Since when it was kept, by KIS's time; absent when KIS has just said it. */
  readonly cachedAtMs?: number | undefined;
}

/** What prices, and rows of days and of minutes, call alike. */
export function readPrices(fields: Fields): Pick<Candle, 'openPrice' | 'highPrice' | 'lowPrice'> {
  return {
    openPrice: fields.number('stck_oprc'),
    highPrice: fields.number('stck_hgpr'),
    lowPrice: fields.number('stck_lwpr'),
  };
}
