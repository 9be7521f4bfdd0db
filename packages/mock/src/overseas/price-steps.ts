import type { Venue } from '../market/venue.ts';

/** The prices that an exchange allows: integers, and so many of them make one unit of the currency. */
export type PriceSteps = Pick<Venue, 'tickNear' | 'tickDown' | 'tickUp' | 'limits'>;

/** Below the first price the first step, and so on; the last step is for all prices above. */
type Bands = readonly (readonly [below: number, tick: number])[];

const ABOVE = Number.POSITIVE_INFINITY;

/** Of Tokyo, in tenths of a yen: how far a price may move in a day. */
const TOKYO_WIDTHS: Bands = [
  [1_000, 300],
  [2_000, 500],
  [5_000, 800],
  [7_000, 1_000],
  [10_000, 1_500],
  [15_000, 3_000],
  [20_000, 4_000],
  [30_000, 5_000],
  [50_000, 7_000],
  [70_000, 10_000],
  [100_000, 15_000],
  [150_000, 30_000],
  [200_000, 40_000],
  [300_000, 50_000],
  [500_000, 70_000],
  [700_000, 100_000],
  [ABOVE, 150_000],
];

/** In ten-thousandths of a dollar: a cent, and less below a dollar. No daily limits. */
export function americanSteps(): PriceSteps {
  return createSteps([
    [10_000, 1],
    [ABOVE, 100],
  ]);
}

/** In thousandths of a Hong Kong dollar. No daily limits. */
export function hongKongSteps(): PriceSteps {
  return createSteps([
    [250, 1],
    [500, 5],
    [20_000, 10],
    [50_000, 20],
    [100_000, 50],
    [200_000, 100],
    [500_000, 200],
    [1_000_000, 500],
    [ABOVE, 1_000],
  ]);
}

/** In tenths of a yen, as the large companies are traded. */
export function tokyoSteps(): PriceSteps {
  const bands: Bands = [
    [10_000, 1],
    [30_000, 5],
    [100_000, 10],
    [300_000, 50],
    [ABOVE, 100],
  ];
  return createSteps(bands, (base) => valueAt(TOKYO_WIDTHS, base));
}

/** In thousandths of a yuan: a hundredth, and 10 % a day. */
export function chineseSteps(): PriceSteps {
  return createSteps([[ABOVE, 10]], (base) => base / 10);
}

/** In dong: 7 % a day. */
export function hoChiMinhSteps(): PriceSteps {
  const bands: Bands = [
    [10_000, 10],
    [50_000, 50],
    [ABOVE, 100],
  ];
  return createSteps(bands, (base) => (base * 7) / 100);
}

/** In dong: 10 % a day. */
export function hanoiSteps(): PriceSteps {
  return createSteps([[ABOVE, 100]], (base) => base / 10);
}

function createSteps(bands: Bands, width?: (base: number) => number): PriceSteps {
  const toTick =
    (round: (ticks: number) => number) =>
    (price: number): number => {
      const tick = valueAt(bands, price);
      return round(price / tick) * tick;
    };
  const tickDown = toTick(Math.floor);
  const tickUp = toTick(Math.ceil);
  return {
    tickNear: toTick(Math.round),
    tickDown,
    tickUp,
    limits: (base) =>
      width
        ? { upper: tickDown(base + width(base)), lower: tickUp(base - width(base)) }
        : { upper: Number.POSITIVE_INFINITY, lower: 0 },
  };
}

function valueAt(bands: Bands, price: number): number {
  for (const band of bands) if (price < band[0]) return band[1];
  return 1;
}
