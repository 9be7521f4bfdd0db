import { koreanTime } from '../market/calendar.ts';
import { KRX } from '../market/krx.ts';
import { lastStep, STEP_MS, STEPS_PER_MINUTE, stepAt } from '../market/venue.ts';

/** The step at which trading pauses until the close. */
const AUCTION_STEP: number = KRX.tradingMinutes * STEPS_PER_MINUTE;
export const CLOSING_STEP: number = lastStep(KRX);

/** A moment of a day of the exchange. */
export interface Moment {
  readonly day: number;
  /** From midnight in Korea. */
  readonly ofDayMs: number;
  /** Of the session: negative before the open. */
  readonly step: number;
  readonly phase: 'no-session' | 'before' | 'trading' | 'auction' | 'after';
}

export function momentOf(nowMs: number): Moment {
  const { day, ofDayMs } = koreanTime(nowMs);
  const step = stepAt(KRX, ofDayMs);
  const phase = !KRX.isSession(day)
    ? 'no-session'
    : step < 0
      ? 'before'
      : step < AUCTION_STEP
        ? 'trading'
        : step < CLOSING_STEP
          ? 'auction'
          : 'after';
  return { day, ofDayMs, step, phase };
}

/** When a step of a session begins, from midnight in Korea. */
export function stepMs(step: number): number {
  return KRX.openMs + step * STEP_MS;
}

/** The next session after this day. */
export function sessionAfter(day: number): number {
  let after = day + 1;
  while (!KRX.isSession(after)) after += 1;
  return after;
}
