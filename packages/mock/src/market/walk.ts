import { signed, unit, wave } from './noise.ts';
import { lastStep, STEPS_PER_MINUTE, sessionBefore, type Venue } from './venue.ts';

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

/** One minute of a session, whole or up to a moment. */
export interface MinuteBar {
  readonly day: number;
  /** Since the open; the venue's `closeMinute` is the trade that makes the close. */
  readonly minute: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
  /** Of the session, up to the end of this minute. */
  readonly totalValue: number;
}

/** One thing's prices: every number follows from the seed and the moment asked for, and days, minutes and steps agree. */
export interface Walk {
  close(day: number): number;
  /** The session up to this step; complete at the last one. */
  candle(day: number, step?: number): Candle;
  /** A minute that has begun by this step, as far as it has come. */
  minute(day: number, minute: number, step?: number): MinuteBar;
  /** The last price at this step. */
  priceAt(day: number, step: number): number;
}

export interface WalkOptions {
  /** What the prices stay around. */
  readonly usualPrice: number;
  /** Of a session. */
  readonly usualVolume: number;
  readonly seed: number;
  readonly venue: Venue;
  /** How much the prices move. Default: by the seed, from 0.6 to 1.2, as those of a stock. */
  readonly liveliness?: number | undefined;
}

/** A session goes from knot to knot: the first is the open, and at the last trading pauses for the close. */
const SEGMENTS = 12;

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

/** The part of a session's volume that is traded by each knot: an opening auction, then much at both ends, less at noon, and a rest for the close. */
const TRADED: readonly number[] = Array.from({ length: SEGMENTS + 1 }, (_, k) => {
  const x = (2 * k) / SEGMENTS - 1;
  return 0.03 + 0.92 * (0.25 * (x + 1) + 0.25 * (x * x * x + 1));
});

export function createWalk(options: WalkOptions): Walk {
  const { usualPrice, usualVolume, seed, venue } = options;
  const liveliness = options.liveliness ?? 0.6 + 0.6 * unit(seed, 0, 1);

  const close = (day: number): number => {
    let log = 0;
    for (const { periodDays, amplitude } of WAVES) log += amplitude * wave(seed, periodDays, day, periodDays);
    return venue.tickNear(usualPrice * Math.exp(liveliness * log));
  };

  const prepare = (day: number): Session => {
    const previousClose = close(sessionBefore(venue, day));
    const { upper, lower } = venue.limits(previousClose);
    const opening = venue.tickNear(previousClose * (1 + 0.008 * liveliness * signed(seed, day, 3)));
    return createSession({
      day,
      venue,
      seed: seed ^ Math.imul(day, 0x9e3779b1),
      openPrice: Math.min(upper, Math.max(lower, opening)),
      closePrice: close(day),
      previousClose,
      upper,
      lower,
      spread: previousClose * liveliness,
      volume: Math.floor(Math.max(1_000, usualVolume * Math.exp(0.7 * signed(seed, day, 4)))),
    });
  };

  // Minutes are asked for by the hundred, and mostly those of one day.
  let latest: { readonly day: number; readonly session: Session } | undefined;
  const session = (day: number): Session => {
    if (latest?.day !== day) latest = { day, session: prepare(day) };
    return latest.session;
  };

  return {
    close,
    candle: (day, step = lastStep(venue)) => session(day).candle(step),
    minute: (day, minute, step = lastStep(venue)) => session(day).minute(minute, step),
    priceAt: (day, step) => session(day).priceAt(step),
  };
}

/** What is settled about a session before it begins. */
interface Plan {
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

interface Session {
  candle(step: number): Candle;
  minute(minute: number, step: number): MinuteBar;
  priceAt(step: number): number;
}

function createSession(plan: Plan): Session {
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
    candle(step) {
      const trading = Math.min(step, knotStep(SEGMENTS));
      let [highPrice, lowPrice, last] = [openPrice, openPrice, openPrice];
      const see = (price: number): void => {
        last = price;
        if (price > highPrice) highPrice = price;
        if (price < lowPrice) lowPrice = price;
      };
      let k = 0;
      let from = openPrice;
      while (k < SEGMENTS && knotStep(k + 1) <= trading) {
        k += 1;
        from = knotPrice(k);
        see(from);
      }
      if (knotStep(k) < trading) {
        const to = knotPrice(k + 1);
        for (let at = knotStep(k) + 1; at <= trading; at++) see(priceBetween(k, at, from, to));
      }
      if (step >= closing) see(closePrice);
      const { volume, value } = totalsAt(step);
      return { day, openPrice, highPrice, lowPrice, closePrice: last, volume, tradingValue: value, previousClose };
    },

    minute(minute, step) {
      const isClose = minute >= venue.closeMinute;
      const first = isClose ? closing : minute * STEPS_PER_MINUTE;
      const last = isClose ? closing : Math.min(step, first + STEPS_PER_MINUTE - 1);
      let [highPrice, lowPrice] = [priceAt(first), priceAt(first)];
      for (let at = first + 1; at <= last; at++) {
        const price = priceAt(at);
        if (price > highPrice) highPrice = price;
        if (price < lowPrice) lowPrice = price;
      }
      const { volume, value } = totalsAt(last);
      return {
        day,
        minute,
        openPrice: priceAt(first),
        highPrice,
        lowPrice,
        closePrice: priceAt(last),
        volume: volume - totalsAt(first - 1).volume,
        totalValue: value,
      };
    },
  };
}
