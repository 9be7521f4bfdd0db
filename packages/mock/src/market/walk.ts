import { signed, unit, wave } from './noise.ts';
import { type Candle, createSession, type MinuteBar, type Session } from './session.ts';
import { lastStep, sessionBefore, type Venue } from './venue.ts';

/** One thing's prices: every number follows from the seed and the moment asked for, and days, minutes and steps agree. */
export interface Walk {
  close(day: number): number;
  /** The session up to this step; complete at the last one. */
  candle(day: number, step?: number): Candle;
  /** So many minutes from one that has begun by this step, as far as they have come. */
  bar(day: number, minute: number, count: number, step?: number): MinuteBar;
  /** The last price at this step. */
  priceAt(day: number, step: number): number;
  /** The first of these steps of trading at which the price lies between low and high; the close is not looked at. */
  firstWithin(day: number, fromStep: number, toStep: number, low: number, high: number): number | undefined;
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
  // Beside a session every quote asks for the one before, which is over.
  let finished: Candle | undefined;
  const wholeCandle = (day: number): Candle => {
    if (finished?.day !== day) {
      finished = (latest?.day === day ? latest.session : prepare(day)).candle(lastStep(venue));
    }
    return finished;
  };

  return {
    close,
    candle: (day, step = lastStep(venue)) => (step < lastStep(venue) ? session(day).candle(step) : wholeCandle(day)),
    bar: (day, minute, count, step = lastStep(venue)) => session(day).bar(minute, count, step),
    priceAt: (day, step) => session(day).priceAt(step),
    firstWithin: (day, fromStep, toStep, low, high) => session(day).firstWithin(fromStep, toStep, low, high),
  };
}
