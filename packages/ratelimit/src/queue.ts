import { createAbortGroups } from './abort-groups.ts';
import { createHeap } from './heap.ts';
import { createLanes, type InLane, type Lane, rankOf } from './lanes.ts';
import { deadlineOf } from './may-leave.ts';
import { RateLimitError } from './rate-limit-error.ts';

/** A caller in the queue. */
export interface Waiter extends InLane {
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
  const stragglers = createHeap<Waiter>();
  const aborts = createAbortGroups<Waiter>((each, reason) => {
    turnAwayMany(each, reason);
    onAbort();
  });

  /** Whose deadline is the earliest. */
  function findEarliest(): Waiter | undefined {
    const { earliest } = lanes;
    return deadlineOf(stragglers.first) < deadlineOf(earliest) ? stragglers.first : earliest;
  }

  function forget(waiter: Waiter): void {
    if (waiter.signal !== undefined) aborts.leave(waiter.signal);
    stragglers.prune(lanes.size);
  }

  function turnAway(waiter: Waiter, error: unknown): void {
    waiter.hasLeft = true;
    lanes.leave(waiter.lane, 1);
    forget(waiter);
    waiter.reject(error);
  }

  /** Of whom no signal knows any more. */
  function turnAwayMany(each: (run: (waiter: Waiter) => void) => void, error: unknown): void {
    const left = [0, 0, 0, 0, 0, 0];
    each((waiter) => {
      waiter.hasLeft = true;
      left[waiter.lane] = (left[waiter.lane] ?? 0) + 1;
      waiter.reject(error);
    });
    for (const [lane, count] of left.entries()) if (count > 0) lanes.leave(lane as Lane, count);
    stragglers.prune(lanes.size);
  }

  return {
    get size() {
      return lanes.size;
    },
    get first() {
      return lanes.first;
    },
    get deadlineMs() {
      return deadlineOf(findEarliest());
    },
    placeIn: (lane) => lanes.placeOf(lane, lanes.aheadIn(lane)),
    join(waiter) {
      // First what may throw.
      if (waiter.signal !== undefined) aborts.join(waiter.signal, waiter);
      if (!lanes.join(waiter)) stragglers.join(waiter);
    },
    serve(waiter) {
      waiter.hasLeft = true;
      lanes.serve(waiter.lane);
      forget(waiter);
    },
    turnAway,
    turnAwayAll(error) {
      aborts.clear();
      turnAwayMany(lanes.each, error);
    },
    turnAwayDue(nowMs, waitMs) {
      for (let due = findEarliest(); due !== undefined && deadlineOf(due) <= nowMs; due = findEarliest()) {
        turnAway(due, new RateLimitError('timeout', waitMs()));
      }
    },
    turnAwayLate(nowMs, waitMs) {
      if (findEarliest() === undefined) return;
      let rank = 0;
      let ahead = 0;
      lanes.each((waiter) => {
        if (rankOf(waiter.lane) !== rank) [rank, ahead] = [rankOf(waiter.lane), 0];
        const ms = waitMs(lanes.placeOf(waiter.lane, ahead));
        if (nowMs + ms > deadlineOf(waiter)) turnAway(waiter, new RateLimitError('timeout', ms));
        else ahead += 1;
      });
    },
  };
}
