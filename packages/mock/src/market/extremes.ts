import { FIRST_DAY, periodStart } from './calendar.ts';
import type { Candle } from './session.ts';
import { sessionBefore, type Venue } from './venue.ts';
import type { Walk } from './walk.ts';

/** A price and the day it was reached. */
export interface Extreme {
  readonly price: number;
  readonly day: number;
}

interface Range {
  readonly high: Extreme;
  readonly low: Extreme;
}

/** The highest and lowest prices of a stretch that ends with a session: 250 sessions, 52 weeks, the calendar year. */
interface YearsExtremes {
  readonly sessions250: Range;
  readonly weeks52: Range;
  readonly thisYear: Range;
}

export interface Extremes {
  /** `candle` is the session as far as it has come. */
  upTo(day: number, candle: Candle | undefined): YearsExtremes;
}

const NOTHING: Range = { high: { price: 0, day: 0 }, low: { price: Number.POSITIVE_INFINITY, day: 0 } };

/** Keeps what the finished sessions gave for the day that was asked last, since a year of them is read for it. */
export function createExtremes(walk: Walk, venue: Venue): Extremes {
  let finished: { readonly day: number; readonly before: YearsExtremes } | undefined;

  const readFinished = (day: number): YearsExtremes => {
    let sessions250 = NOTHING;
    let weeks52 = NOTHING;
    let thisYear = NOTHING;
    const yearStart = periodStart(day, 'Y');
    let count = 1;
    for (
      let at = sessionBefore(venue, day);
      at >= FIRST_DAY && (count < 250 || at > day - 364);
      at = sessionBefore(venue, at)
    ) {
      const candle = walk.candle(at);
      if (count < 250) sessions250 = widened(sessions250, candle);
      if (at > day - 364) weeks52 = widened(weeks52, candle);
      if (at >= yearStart) thisYear = widened(thisYear, candle);
      count += 1;
    }
    return { sessions250, weeks52, thisYear };
  };

  return {
    upTo(day, candle) {
      if (finished?.day !== day) finished = { day, before: readFinished(day) };
      const { before } = finished;
      // On the first session of a year nothing of it is known before the open: the last close stands in.
      const latest = candle ?? walk.candle(sessionBefore(venue, day));
      return {
        sessions250: widened(before.sessions250, latest),
        weeks52: widened(before.weeks52, latest),
        thisYear: candle || before.thisYear === NOTHING ? widened(before.thisYear, latest) : before.thisYear,
      };
    },
  };
}

function widened(range: Range, { day, highPrice, lowPrice }: Candle): Range {
  if (highPrice <= range.high.price && lowPrice >= range.low.price) return range;
  return {
    high: highPrice > range.high.price ? { price: highPrice, day } : range.high,
    low: lowPrice < range.low.price ? { price: lowPrice, day } : range.low,
  };
}
