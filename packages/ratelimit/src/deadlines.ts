import { createHeap } from './heap.ts';
import { isSparse, type MayLeave } from './may-leave.ts';

export interface HasDeadline extends MayLeave {
  /** Undefined: none. */
  readonly deadlineMs: number | undefined;
}

/** Who has to be told first that its time is over. */
export interface Deadlines<T> {
  join(member: T): void;
  /** A member has left: its `hasLeft` is true. */
  leave(): void;
  /** The earliest deadline; `Infinity` when nobody has one. */
  readonly firstMs: number;
  /** Whose deadline is the earliest. */
  readonly first: T | undefined;
}

const msOf = (member: HasDeadline | undefined) => member?.deadlineMs ?? Infinity;

/** Mostly deadlines come in their order, and stand in a line; the others stand in a heap beside it. */
export function createDeadlines<T extends HasDeadline>(): Deadlines<T> {
  let line: T[] = [];
  let head = 0;
  let latestMs = -Infinity;
  const heap = createHeap<T>(msOf);
  let live = 0;

  function find(): T | undefined {
    while (line[head]?.hasLeft === true) head += 1;
    while (heap.first?.hasLeft === true) heap.pop();
    return msOf(heap.first) < msOf(line[head]) ? heap.first : line[head];
  }

  return {
    join(member) {
      live += 1;
      if (msOf(member) < latestMs) {
        heap.push(member);
        return;
      }
      latestMs = msOf(member);
      line.push(member);
    },
    leave() {
      live -= 1;
      if (!isSparse(line.length + heap.size, live)) return;
      line = line.filter(({ hasLeft }) => !hasLeft);
      head = 0;
      if (line.length === 0) latestMs = -Infinity;
      heap.keep(({ hasLeft }) => !hasLeft);
    },
    get firstMs() {
      return msOf(find());
    },
    get first() {
      return find();
    },
  };
}
