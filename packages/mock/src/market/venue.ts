/** Where, when and at which prices something is traded. Prices are integers: won, cents, hundredths of a point. */
export interface Venue {
  isSession(day: number): boolean;
  /** From midnight there to the open. */
  readonly openMs: number;
  /** Of trading, from the open on. */
  readonly tradingMinutes: number;
  /** From the open to the trade that makes the close: later than the end of trading where an auction comes between. */
  readonly closeMinute: number;
  /** The nearest possible price, the one at or below, and the one at or above. */
  tickNear(price: number): number;
  tickDown(price: number): number;
  tickUp(price: number): number;
  /** Between which prices a session may move after such a close. */
  limits(basePrice: number): { readonly upper: number; readonly lower: number };
}

/** Prices move in steps of five seconds. */
export const STEP_MS = 5_000;
export const STEPS_PER_MINUTE: number = 60_000 / STEP_MS;

/** The step at which the close is made. */
export function lastStep(venue: Venue): number {
  return venue.closeMinute * STEPS_PER_MINUTE;
}

/** The last step at which prices move before the close is made. */
export function lastTradingStep(venue: Venue): number {
  return venue.tradingMinutes * STEPS_PER_MINUTE - 1;
}

/** How far a session has come at this time of its day; negative before the open. */
export function stepAt(venue: Venue, ofDayMs: number): number {
  return Math.min(lastStep(venue), Math.floor((ofDayMs - venue.openMs) / STEP_MS));
}

/** The last session before this day. */
export function sessionBefore(venue: Venue, day: number): number {
  let before = day - 1;
  while (!venue.isSession(before)) before -= 1;
  return before;
}
