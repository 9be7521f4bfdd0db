import { createLine, type InLine, type Line } from './line.ts';
import type { Priority } from './ports.ts';

/** What stands in a lane. */
export interface InLane<T> extends InLine<T> {
  readonly lane: number;
}

/** A line for each priority. */
export interface Lanes<T> extends Iterable<T> {
  readonly size: number;
  /** Whose turn it is. */
  readonly first: T | undefined;
  join(member: T, isRepeat: boolean): void;
  leave(member: T): void;
  /** It leaves because it has its turn. */
  serve(member: T): void;
  /** How many have their turn before whoever joins a lane now behind `own` others, at the least. */
  placeIn(lane: number, own: number): number;
  sizeOf(lane: number): number;
}

const lanes: Readonly<Record<Priority, number>> = { order: 0, account: 1, quote: 2 };

/** @throws RangeError for a priority that does not exist. */
export function laneOf(priority: Priority | undefined): number {
  const lane = lanes[priority ?? 'quote'];
  if (lane === undefined) {
    throw new RangeError(
      `ratelimit: \`priority\` must be 'order', 'account' or 'quote', got ${JSON.stringify(priority)}`,
    );
  }
  return lane;
}

/** Whoever was passed over so often is next. */
const mostPasses = 8;

export function createLanes<T extends InLane<T>>(): Lanes<T> {
  const lines: readonly [Line<T>, Line<T>, Line<T>] = [createLine(), createLine(), createLine()];
  const passes: [number, number, number] = [0, 0, 0];
  const [orders, accounts, quotes] = lines;
  const lineOf = (lane: number) => lines[lane as 0 | 1 | 2];
  let size = 0;

  return {
    get size() {
      return size;
    },
    get first() {
      if (passes[2] >= mostPasses && quotes.first !== undefined) return quotes.first;
      if (passes[1] >= mostPasses && accounts.first !== undefined) return accounts.first;
      return orders.first ?? accounts.first ?? quotes.first;
    },
    join(member, isRepeat) {
      const line = lineOf(member.lane);
      if (isRepeat) line.joinFront(member);
      else line.join(member);
      size += 1;
    },
    leave(member) {
      lineOf(member.lane).leave(member);
      size -= 1;
    },
    serve(member) {
      this.leave(member);
      passes[member.lane as 0 | 1 | 2] = 0;
      if (member.lane < 2 && quotes.size > 0) passes[2] += 1;
      if (member.lane < 1 && accounts.size > 0) passes[1] += 1;
    },
    placeIn(lane, own) {
      const higher = lane === 0 ? 0 : orders.size + (lane === 1 ? 0 : accounts.size);
      return own + Math.min(higher, mostPasses * (own + 1));
    },
    sizeOf: (lane) => lineOf(lane).size,
    *[Symbol.iterator]() {
      for (const line of lines) yield* line;
    },
  };
}
