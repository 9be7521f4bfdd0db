import type { Stock } from './market.ts';
import { unit } from './noise.ts';
import type { Candle } from './session.ts';

/** What one kind of investor bought and sold in a session, in shares. */
export interface Dealings {
  readonly bought: number;
  readonly sold: number;
}

/** All that is bought is sold by somebody: both sums are the session's volume. */
export interface Investors {
  readonly persons: Dealings;
  readonly foreigners: Dealings;
  readonly institutions: Dealings;
}

export function investorsOf({ seed }: Stock, { day, volume }: Candle): Investors {
  const draw = (n: number): number => unit(seed ^ day, 9, n);
  /** Buys at least as large a part as it can sell less, so neither is ever negative. */
  const dealings = (least: number, net: number, n: number): Dealings => {
    const bought = Math.round(volume * (least + 0.15 * draw(n + 20)));
    return { bought, sold: bought - Math.round(volume * net * (draw(n) - 0.5)) };
  };
  const foreigners = dealings(0.15, 0.1, 0);
  const institutions = dealings(0.1, 0.06, 3);
  const rest = (of: keyof Dealings): number => volume - foreigners[of] - institutions[of];
  return { persons: { bought: rest('bought'), sold: rest('sold') }, foreigners, institutions };
}

/** KIS: `…_ntby_qty`. */
export function netOf({ bought, sold }: Dealings): number {
  return bought - sold;
}
