import { createLine, type Line } from './line.ts';
import { deadlineOf, type MayLeave } from './may-leave.ts';
import type { Priority } from './ports.ts';

/** What stands in a lane. */
export interface InLane extends MayLeave {
  readonly lane: Lane;
}

/** Two for each priority, the most urgent first: of those that had their turn before, and of the others. */
export type Lane = 0 | 1 | 2 | 3 | 4 | 5;

/** A line for each lane. */
export interface Lanes<T> {
  readonly size: number;
  /** Whose turn it is. */
  readonly first: T | undefined;
  /** Of those who came in the order of their deadlines, whose is the earliest. */
  readonly earliest: T | undefined;
  /** Whether nobody in front of it has a later deadline. */
  join(member: T): boolean;
  each(run: (member: T) => void): void;
  /** So many members of this lane have left: their `hasLeft` is true. */
  leave(lane: Lane, count: number): void;
  /** One of this lane has left because it had its turn. */
  serve(lane: Lane): void;
  /** How many of the same priority have their turn before whoever joins a lane now. */
  aheadIn(lane: Lane): number;
  /** How many have their turn before one that stands behind `ahead` others of its priority, at the least. */
  placeOf(lane: Lane, ahead: number): number;
}

const ranks: Readonly<Record<Priority, number>> = { order: 0, account: 1, quote: 2 };
const priorities = Object.keys(ranks);

/** @throws RangeError for a priority that does not exist. */
export function laneOf(priority: Priority = 'quote', isRepeat = false): Lane {
  const rank = ranks[priority];
  if (rank === undefined) {
    const given = JSON.stringify(priority);
    throw new RangeError(`ratelimit: \`priority\` must be 'order', 'account' or 'quote', got ${given}`);
  }
  return (2 * rank + (isRepeat ? 0 : 1)) as Lane;
}

/** 0 to 2, of a lane. */
export function rankOf(lane: Lane): number {
  return lane >> 1;
}

/** Whoever was passed over so often is next. */
const mostPasses = 8;

export function createLanes<T extends InLane>(): Lanes<T> {
  const lines: readonly Line<T>[] = Array.from({ length: 2 * priorities.length }, () => createLine<T>());
  /** How often each rank was passed over since its last turn. */
  const passes = priorities.map(() => 0);
  let size = 0;

  const lineOf = (lane: Lane) => lines[lane] as Line<T>;
  const firstOf = (rank: number) => lines[2 * rank]?.first ?? lines[2 * rank + 1]?.first;
  const sizes = priorities.map(() => 0);
  const sizeOf = (rank: number) => sizes[rank] ?? 0;

  function count(lane: Lane, change: number): void {
    const rank = rankOf(lane);
    sizes[rank] = sizeOf(rank) + change;
    if (sizes[rank] === 0) passes[rank] = 0;
    size += change;
  }

  function leave(lane: Lane, left: number): void {
    lineOf(lane).leave(left);
    count(lane, -left);
  }

  return {
    get size() {
      return size;
    },
    get first() {
      if ((passes[2] ?? 0) >= mostPasses && sizeOf(2) > 0) return firstOf(2);
      if ((passes[1] ?? 0) >= mostPasses && sizeOf(1) > 0) return firstOf(1);
      return firstOf(0) ?? firstOf(1) ?? firstOf(2);
    },
    join(member) {
      count(member.lane, 1);
      return lineOf(member.lane).join(member);
    },
    leave,
    serve(lane) {
      leave(lane, 1);
      const rank = rankOf(lane);
      passes[rank] = 0;
      for (let lower = rank + 1; lower < passes.length; lower += 1) {
        if (sizeOf(lower) > 0) passes[lower] = (passes[lower] ?? 0) + 1;
      }
    },
    aheadIn: (lane) => (lane % 2 === 0 ? lineOf(lane).size : sizeOf(rankOf(lane))),
    placeOf(lane, ahead) {
      let higher = 0;
      for (let rank = 0; rank < rankOf(lane); rank += 1) higher += sizeOf(rank);
      const passed = passes[rankOf(lane)] ?? 0;
      return ahead + Math.min(higher, Math.max(0, mostPasses * (ahead + 1) - passed));
    },
    get earliest() {
      let earliest: T | undefined;
      for (const { first } of lines) if (deadlineOf(first) < deadlineOf(earliest)) earliest = first;
      return earliest;
    },
    each(run) {
      for (const line of lines) line.each(run);
    },
  };
}
