import { createAbortGroups } from './abort-groups.ts';
import { createDeadlines, type HasDeadline } from './deadlines.ts';
import { createLanes, type InLane, type Lane, rankOf } from './lanes.ts';
import { RateLimitError } from './rate-limit-error.ts';

/** A caller in the queue. */
export interface Waiter extends InLane, HasDeadline {
  readonly task: () => Promise<unknown>;
  readonly resolve: (result: Promise<unknown>) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly joinedMs: number;
  hasLeft: boolean;
}

/** Everyone who waits, and the ways out: their turn, their signal, their deadline, or the limiter's word. */
export interface Queue {
  readonly size: number;
  /** Whose turn it is. */
  readonly first: Waiter | undefined;
  /** The earliest deadline; `Infinity` when nobody has one. */
  readonly deadlineMs: number;
  /** How many have their turn before whoever joins a lane now, at the least. */
  placeIn(lane: Lane): number;
  join(waiter: Waiter): void;
  /** Takes it out for its turn. */
  serve(waiter: Waiter): void;
  turnAway(waiter: Waiter, error: unknown): void;
  turnAwayAll(error: unknown): void;
  /** Turns away whose time is over, and tells them how long they would have waited at the least. */
  turnAwayDue(nowMs: number, waitMs: () => number): void;
  /** Turns away who cannot have its turn in time; `waitMs` of a place. */
  turnAwayLate(nowMs: number, waitMs: (place: number) => number): void;
}

export function createQueue(onAbort: () => void): Queue {
  const lanes = createLanes<Waiter>();
  const deadlines = createDeadlines<Waiter>();
  const aborts = createAbortGroups<Waiter>(turnAway, onAbort);

  function forget(waiter: Waiter): void {
    if (waiter.signal !== undefined) aborts.leave(waiter.signal);
    if (waiter.deadlineMs !== undefined) deadlines.leave();
  }

  function turnAway(waiter: Waiter, error: unknown): void {
    waiter.hasLeft = true;
    lanes.leave(waiter.lane);
    forget(waiter);
    waiter.reject(error);
  }

  return {
    get size() {
      return lanes.size;
    },
    get first() {
      return lanes.first;
    },
    get deadlineMs() {
      return deadlines.firstMs;
    },
    placeIn: (lane) => lanes.placeOf(lane, lanes.aheadIn(lane)),
    join(waiter) {
      // First what may throw.
      if (waiter.signal !== undefined) aborts.join(waiter.signal, waiter);
      lanes.join(waiter);
      if (waiter.deadlineMs !== undefined) deadlines.join(waiter);
    },
    serve(waiter) {
      waiter.hasLeft = true;
      lanes.serve(waiter.lane);
      forget(waiter);
    },
    turnAway,
    turnAwayAll(error) {
      for (const waiter of lanes) turnAway(waiter, error);
    },
    turnAwayDue(nowMs, waitMs) {
      for (let due = deadlines.first; due !== undefined && deadlines.firstMs <= nowMs; due = deadlines.first) {
        turnAway(due, new RateLimitError('timeout', waitMs()));
      }
    },
    turnAwayLate(nowMs, waitMs) {
      if (deadlines.firstMs === Infinity) return;
      let rank = 0;
      let ahead = 0;
      for (const waiter of lanes) {
        if (rankOf(waiter.lane) !== rank) [rank, ahead] = [rankOf(waiter.lane), 0];
        const ms = waitMs(lanes.placeOf(waiter.lane, ahead));
        if (nowMs + ms > (waiter.deadlineMs ?? Infinity)) turnAway(waiter, new RateLimitError('timeout', ms));
        else ahead += 1;
      }
    },
  };
}
