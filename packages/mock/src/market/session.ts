import { signed, wave } from './noise.ts';
import { lastStep, STEPS_PER_MINUTE, type Venue } from './venue.ts';

/** One session, whole or up to a moment. Prices and values in the venue's unit. */
export interface Candle {
  readonly day: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
  /** The sum of price times volume. */
  readonly tradingValue: number;
  /** The close of the session before. */
  readonly previousClose: number;
}

/** One minute of a session or some, whole or up to a moment. */
export interface MinuteBar {
  readonly day: number;
  /** The first, since the open; the venue's `closeMinute` is the trade that makes the close. */
  readonly minute: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
  /** Of the session, up to the end of this bar. */
  readonly totalValue: number;
  /** Of the session, up to its beginning. */
  readonly valueBefore: number;
}

/** A session goes from knot to knot: the first is the open, and at the last trading pauses for the close. */
const SEGMENTS = 12;

/** The part of a session's volume that is traded by each knot: an opening auction, then much at both ends, less at noon, and a rest for the close. */
const TRADED: readonly number[] = Array.from({ length: SEGMENTS + 1 }, (_, k) => {
  const x = (2 * k) / SEGMENTS - 1;
  return 0.03 + 0.92 * (0.25 * (x + 1) + 0.25 * (x * x * x + 1));
});

/** What is settled about a session before it begins. */
export interface Plan {
  readonly day: number;
  readonly venue: Venue;
  readonly seed: number;
  readonly openPrice: number;
  readonly closePrice: number;
  readonly previousClose: number;
  readonly upper: number;
  readonly lower: number;
  readonly spread: number;
  readonly volume: number;
}

export interface Session {
  candle(step: number): Candle;
  /** So many minutes from this one on. */
  bar(minute: number, count: number, step: number): MinuteBar;
  priceAt(step: number): number;
  /** The first of these steps of trading at which the price lies between low and high; the close is not looked at. */
  firstWithin(fromStep: number, toStep: number, low: number, high: number): number | undefined;
}

interface Range {
  readonly high: number;
  readonly low: number;
}

export function createSession(plan: Plan): Session {
  const { day, venue, seed, openPrice, closePrice, previousClose } = plan;
  const closing = lastStep(venue);
  const segmentSteps = (venue.tradingMinutes * STEPS_PER_MINUTE) / SEGMENTS;
  /** The last knot stands on the last step of trading, so the last segment is one step shorter. */
  const knotStep = (k: number): number => (k === SEGMENTS ? k * segmentSteps - 1 : k * segmentSteps);
  const segmentOf = (step: number): number => Math.min(SEGMENTS, Math.floor(step / segmentSteps));

  const knotPrices: number[] = [];
  const knotPrice = (k: number): number => {
    const known = knotPrices[k] ?? drawKnot(k);
    knotPrices[k] = known;
    return known;
  };
  /** Two waves tangled over the straight way from open to close; at the last knot nearly there. */
  const drawKnot = (k: number): number => {
    if (k === 0) return openPrice;
    const share = k / SEGMENTS;
    const tangle = 0.03 * wave(seed, 5, k, 4) + 0.008 * signed(seed, 6, k);
    const straight = openPrice + (closePrice - openPrice) * share;
    const loose = k === SEGMENTS ? 0.002 * signed(seed, 6, k) : tangle * 4 * share * (1 - share);
    return Math.min(plan.upper, Math.max(plan.lower, venue.tickNear(straight + plan.spread * loose)));
  };
  const knotVolume = (k: number): number => Math.floor(plan.volume * (TRADED[k] ?? 1));

  /** Inside a segment the price goes its way in fits and starts but stays between the two knots, so high and low are exact. */
  const priceBetween = (k: number, step: number, from: number, to: number): number => {
    const share = (step - knotStep(k)) / (knotStep(k + 1) - knotStep(k));
    const swing = 0.5 * signed(seed, step, 7) * Math.min(share, 1 - share);
    const price = from + (to - from) * (share + swing);
    return to > from ? venue.tickUp(price) : venue.tickDown(price);
  };

  const priceAt = (step: number): number => {
    if (step >= closing) return closePrice;
    const trading = Math.min(step, knotStep(SEGMENTS));
    const k = segmentOf(trading);
    return priceBetween(k, trading, knotPrice(k), knotPrice(k + 1));
  };

  /** The highest and the lowest price from one step to another. */
  const rangeOf = (first: number, last: number): Range => {
    const lastPrice = priceAt(last);
    let [high, low] = [lastPrice, lastPrice];
    const end = Math.min(last, knotStep(SEGMENTS));
    for (let step = first; step <= end; step++) {
      const k = segmentOf(step);
      const next = knotStep(k + 1);
      const isWhole = step === knotStep(k) && next <= end;
      const price = isWhole ? knotPrice(k) : priceBetween(k, step, knotPrice(k), knotPrice(k + 1));
      if (price > high) high = price;
      if (price < low) low = price;
      // Between its knots a segment has none that is higher or lower.
      if (isWhole) step = next - 1;
    }
    return { high, low };
  };

  // A clock goes on step by step: what it passed is not looked at again.
  let passed = { step: 0, high: openPrice, low: openPrice };
  const rangeUpTo = (step: number): Range => {
    if (step < passed.step) return rangeOf(0, step);
    const { high, low } = rangeOf(passed.step, step);
    passed = { step, high: Math.max(passed.high, high), low: Math.min(passed.low, low) };
    return passed;
  };

  /** All that was traded up to a step, as if each share had been traded on the straight way between its two knots. */
  const totalsAt = (step: number): { readonly volume: number; readonly value: number } => {
    if (step < 0) return { volume: 0, value: 0 };
    const trading = Math.min(step, knotStep(SEGMENTS));
    let from = openPrice;
    let volume = knotVolume(0);
    let value = volume * from;
    for (let k = 0; knotStep(k) < trading; k++) {
      const to = knotPrice(k + 1);
      const share = Math.min(1, (trading - knotStep(k)) / (knotStep(k + 1) - knotStep(k)));
      const ofSegment = knotVolume(k + 1) - knotVolume(k);
      const traded = Math.floor(ofSegment * share);
      if (traded > 0) value += traded * (from + ((to - from) * traded) / ofSegment / 2);
      volume += traded;
      from = to;
    }
    if (step < closing) return { volume, value: Math.floor(value) };
    return { volume: plan.volume, value: Math.floor(value + (plan.volume - volume) * closePrice) };
  };

  return {
    priceAt,
    firstWithin(fromStep, toStep, low, high) {
      const last = Math.min(toStep, knotStep(SEGMENTS));
      for (let step = fromStep; step <= last; step++) {
        const k = segmentOf(step);
        const [from, to] = [knotPrice(k), knotPrice(k + 1)];
        if (Math.min(from, to) > high || Math.max(from, to) < low) {
          // No price of this segment can: they stay between its knots.
          step = (k + 1) * segmentSteps - 1;
          continue;
        }
        const price = priceBetween(k, step, from, to);
        if (price >= low && price <= high) return step;
      }
      return undefined;
    },

    candle(step) {
      const { high, low } = rangeUpTo(step);
      const { volume, value } = totalsAt(step);
      return {
        day,
        openPrice,
        highPrice: high,
        lowPrice: low,
        closePrice: priceAt(step),
        volume,
        tradingValue: value,
        previousClose,
      };
    },

    bar(minute, count, step) {
      const first = minute < venue.tradingMinutes ? minute * STEPS_PER_MINUTE : closing;
      const isWithClose = minute + count > venue.closeMinute;
      const last = Math.min(step, isWithClose ? closing : (minute + count) * STEPS_PER_MINUTE - 1);
      const { high, low } = rangeOf(first, last);
      const before = totalsAt(first - 1);
      const { volume, value } = totalsAt(last);
      return {
        day,
        minute,
        openPrice: priceAt(first),
        highPrice: high,
        lowPrice: low,
        closePrice: priceAt(last),
        volume: volume - before.volume,
        totalValue: value,
        valueBefore: before.value,
      };
    },
  };
}
