import type { RoundTrips } from './round-trips.ts';

/** The slots that are in use: of tasks that run, and of those that ended less than a window ago. */
export interface Slots {
  readonly running: number;
  /** Of tasks that ended. Which of them are free by now is looked up by those who say `nowMs`. */
  readonly ended: number;
  begin(): void;
  /** An answered task's round trip counts; one without an answer may have arrived until now. */
  end(nowMs: number, isAnswered: boolean): void;
  inUse(nowMs: number): number;
  /**
   * When the slot behind the next `place` free ones may be used, if nothing starts before `fromMs`; of tasks that run, the
   * earliest moment that is possible.
   */
  freeAtMs(place: number, limit: number, nowMs: number, fromMs: number): number;
}

/**
 * A slot is free again at *reply + window - credit*: however long a call was under way, and however short the next one is,
 * their arrivals lie a window apart. See `createRoundTrips` for the credit.
 *
 * `capacity`: the most slots that are ever in use.
 */
export function createSlots(capacity: number, windowMs: number, roundTrips: RoundTrips): Slots {
  // A ring of the ends of tasks, oldest first.
  const ends = new Float64Array(capacity);
  const answered = new Uint8Array(capacity);
  let oldest = 0;

  const indexOf = (place: number) => (oldest + place < capacity ? oldest + place : oldest + place - capacity);

  function freeMs(place: number): number {
    const index = indexOf(place);
    return (ends[index] ?? 0) + windowMs - (answered[index] === 1 ? roundTrips.creditMs : 0);
  }

  function forgetFree(nowMs: number): void {
    while (slots.ended > 0 && freeMs(0) <= nowMs) {
      oldest = indexOf(1);
      slots.ended -= 1;
    }
  }

  const slots = {
    running: 0,
    ended: 0,
    begin() {
      slots.running += 1;
    },
    end(nowMs: number, isAnswered: boolean) {
      const index = indexOf(slots.ended);
      ends[index] = nowMs;
      answered[index] = isAnswered ? 1 : 0;
      slots.running -= 1;
      slots.ended += 1;
    },
    inUse(nowMs: number) {
      forgetFree(nowMs);
      return slots.running + slots.ended;
    },
    freeAtMs(place: number, limit: number, nowMs: number, fromMs: number) {
      forgetFree(nowMs);
      const rounds = Math.floor(place / limit);
      // So many of those in use have to become free first.
      const before = slots.running + slots.ended - limit + (place % limit);
      if (before < 0) return fromMs + rounds * windowMs;
      const firstMs = before < slots.ended ? freeMs(before) : nowMs + windowMs - roundTrips.creditMs;
      return Math.max(firstMs, fromMs) + rounds * windowMs;
    },
  };
  return slots;
}
