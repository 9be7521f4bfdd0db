import { FIRST_DAY } from './calendar.ts';
import { KRX } from './krx.ts';
import type { Stock } from './market.ts';
import { unit } from './noise.ts';
import { sessionBefore } from './venue.ts';

/** What a company earns and owns: settled by the seed, while the ratios to its price move with the price. */
export interface Fundamentals {
  /** In won per share. KIS: `eps`. */
  readonly earningsPerShare: number;
  /** In won per share. KIS: `bps`. */
  readonly bookPerShare: number;
  /** In units of 100 million won. KIS: `cpfn`. */
  readonly capital: number;
  /** Percent. KIS: `hts_frgn_ehrt`. */
  readonly foreignPercent: number;
  /** Percent. KIS: `whol_loan_rmnd_rate`. */
  readonly loanPercent: number;
  /** A session before the charts begin. KIS: `stck_lstn_date`. */
  readonly listedDay: number;
}

export function fundamentalsOf({ symbol, seed }: Stock): Fundamentals {
  return {
    earningsPerShare: Math.round(symbol.usualPrice / (6 + 24 * unit(seed, 1, 0))),
    bookPerShare: Math.round(symbol.usualPrice / (0.4 + 2.6 * unit(seed, 1, 1))),
    capital: Math.floor((symbol.faceValue * symbol.listedShares) / 100_000_000),
    foreignPercent: 55 * unit(seed, 1, 2),
    loanPercent: 2 * unit(seed, 1, 3),
    // KOSDAQ was opened in July of 1996.
    listedDay: sessionBefore(
      KRX,
      FIRST_DAY - Math.floor((symbol.market === 'KOSPI' ? 9_000 : 1_200) * unit(seed, 1, 6)),
    ),
  };
}

/** What a share is worth as collateral, in won. KIS: `stck_sspr` and `sbst_pric`. */
export function collateralPrice(basePrice: number): number {
  return Math.floor(basePrice * 0.076) * 10;
}
