import { sessionBefore } from './calendar.ts';
import { signed, unit, wave } from './noise.ts';
import type { FakeSymbol } from './symbols.ts';
import { priceLimits, tickDown, tickNear, tickUp } from './ticks.ts';

/** One stock's session, whole or up to a moment. Prices in won. */
export interface Candle {
  readonly day: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
  /** In won: the sum of price times volume. */
  readonly tradingValue: number;
  /** The close of the session before. */
  readonly previousClose: number;
}

/** A session of 09:00 to 15:30 has so many steps of five seconds. */
export const STEPS = 4_680;

const SEGMENTS = 13;
const SEGMENT_STEPS = STEPS / SEGMENTS;

/**
 * The walk of closes is a sum of waves, from day to day up to years, so that any day is known without its past. Amplitudes are of
 * the logarithm. From one session to the next, five days apart at the
 * most, that adds up to less than 20 %: the limits of 30 % are never passed.
 */
const WAVES: readonly { readonly periodDays: number; readonly amplitude: number }[] = [
  { periodDays: 1, amplitude: 0.014 },
  { periodDays: 3, amplitude: 0.02 },
  { periodDays: 9, amplitude: 0.03 },
  { periodDays: 27, amplitude: 0.055 },
  { periodDays: 81, amplitude: 0.1 },
  { periodDays: 243, amplitude: 0.17 },
  { periodDays: 729, amplitude: 0.25 },
];

/** The part of a day's volume that is traded by each knot: an opening auction, then much at both ends and less at noon. */
const TRADED: readonly number[] = Array.from({ length: SEGMENTS + 1 }, (_, k) => {
  const x = (2 * k) / SEGMENTS - 1;
  return 0.03 + 0.97 * (0.25 * (x + 1) + 0.25 * (x * x * x + 1));
});

/** One stock's prices: every number follows from the seed, the stock and the moment asked for. */
export interface Walk {
  close(day: number): number;
  /** The session up to this step; at `STEPS` it is complete. */
  candle(day: number, step?: number): Candle;
}

export function createWalk(symbol: FakeSymbol, seed: number): Walk {
  const liveliness = 0.6 + 0.6 * unit(seed, 0, 1);
  const usualVolume = symbol.listedShares * (0.001 + 0.008 * unit(seed, 0, 2) ** 2);

  const close = (day: number): number => {
    let log = 0;
    for (const { periodDays, amplitude } of WAVES) log += amplitude * wave(seed, periodDays, day, periodDays);
    return tickNear(symbol.usualPrice * Math.exp(liveliness * log));
  };

  const candle = (day: number, step = STEPS): Candle => {
    const previousClose = close(sessionBefore(day));
    const { upper, lower } = priceLimits(previousClose);
    const opening = tickNear(previousClose * (1 + 0.008 * liveliness * signed(seed, day, 3)));
    return session(step, {
      day,
      seed: seed ^ Math.imul(day, 0x9e3779b1),
      openPrice: Math.min(upper, Math.max(lower, opening)),
      closePrice: close(day),
      previousClose,
      upper,
      lower,
      spread: previousClose * liveliness,
      volume: Math.max(1_000, usualVolume * Math.exp(0.7 * signed(seed, day, 4))),
    });
  };

  return { close, candle };
}

/** What is settled about a session before it begins. */
interface Plan {
  readonly day: number;
  readonly seed: number;
  readonly openPrice: number;
  readonly closePrice: number;
  readonly previousClose: number;
  readonly upper: number;
  readonly lower: number;
  readonly spread: number;
  readonly volume: number;
}

/** The price at the k-th knot: two waves tangled over the straight way from open to close, gone at both ends. */
function knotPrice(plan: Plan, k: number): number {
  if (k === SEGMENTS) return plan.closePrice;
  const share = k / SEGMENTS;
  const tangle = 0.03 * wave(plan.seed, 5, k, 4) + 0.008 * signed(plan.seed, 6, k);
  const straight = plan.openPrice + (plan.closePrice - plan.openPrice) * share;
  const price = tickNear(straight + plan.spread * tangle * 4 * share * (1 - share));
  return Math.min(plan.upper, Math.max(plan.lower, price));
}

function volumeAt(plan: Plan, k: number): number {
  return Math.floor(plan.volume * (TRADED[k] ?? 1));
}

function session(step: number, plan: Plan): Candle {
  const full = Math.floor(step / SEGMENT_STEPS);
  let from = plan.openPrice;
  let highPrice = from;
  let lowPrice = from;
  let volume = volumeAt(plan, 0);
  let tradingValue = volume * from;
  for (let k = 1; k <= full; k++) {
    const to = knotPrice(plan, k);
    const total = volumeAt(plan, k);
    tradingValue += ((total - volume) * (from + to)) / 2;
    volume = total;
    if (to > highPrice) highPrice = to;
    if (to < lowPrice) lowPrice = to;
    from = to;
  }

  let closePrice = from;
  const steps = step - full * SEGMENT_STEPS;
  if (steps > 0) {
    // Inside a segment the price goes its way in fits and starts but stays between the two knots, so high and low are exact.
    const to = knotPrice(plan, full + 1);
    for (let n = 1; n <= steps; n++) {
      const share = n / SEGMENT_STEPS;
      const swing = 0.5 * signed(plan.seed, full * SEGMENT_STEPS + n, 7) * Math.min(share, 1 - share);
      const price = from + (to - from) * (share + swing);
      closePrice = to > from ? tickUp(price) : tickDown(price);
      if (closePrice > highPrice) highPrice = closePrice;
      if (closePrice < lowPrice) lowPrice = closePrice;
    }
    const ofSegment = volumeAt(plan, full + 1) - volume;
    const traded = Math.floor((ofSegment * steps) / SEGMENT_STEPS);
    if (traded > 0) tradingValue += traded * (from + ((to - from) * traded) / ofSegment / 2);
    volume += traded;
  }
  return {
    day: plan.day,
    openPrice: plan.openPrice,
    highPrice,
    lowPrice,
    closePrice,
    volume,
    tradingValue: Math.floor(tradingValue),
    previousClose: plan.previousClose,
  };
}
