import type { StockInfo } from '@kis/client';

/** A list of KRX: all its issues of a day come with one call. */
export interface Board {
  readonly name: 'KOSPI' | 'KOSDAQ' | 'KONEX' | 'ETF';
  /** Funds are listed on KOSPI. */
  readonly market: StockInfo['market'];
  /** The trades of a day. */
  readonly daily: string;
  /** What is traded; undefined where KRX has the trades alone. */
  readonly info: string | undefined;
}

/** In the order in which a code is looked for. */
export const boards: readonly Board[] = [
  { name: 'KOSPI', market: 'KOSPI', daily: 'sto/stk_bydd_trd', info: 'sto/stk_isu_base_info' },
  { name: 'KOSDAQ', market: 'KOSDAQ', daily: 'sto/ksq_bydd_trd', info: 'sto/ksq_isu_base_info' },
  { name: 'ETF', market: 'KOSPI', daily: 'etp/etf_bydd_trd', info: undefined },
  { name: 'KONEX', market: 'KONEX', daily: 'sto/knx_bydd_trd', info: 'sto/knx_isu_base_info' },
];
