import { isSparse, type MayLeave } from './may-leave.ts';

interface Timed extends MayLeave {
  readonly deadlineMs: number | undefined;
}

/** Who has to be told first that its time is over. A heap, from which those who left by another way are dropped in passing. */
export interface Deadlines<T> {
  join(member: T): void;
  /** A member has left: its `hasLeft` is true. */
  leave(): void;
  /** The earliest deadline; `Infinity` when nobody has one. */
  readonly firstMs: number;
  /** Whose deadline is the earliest. */
  readonly first: T | undefined;
}

export function createDeadlines<T extends Timed>(): Deadlines<T> {
  let heap: T[] = [];
  let live = 0;
  const msOf = (member: T | undefined) => member?.deadlineMs ?? Infinity;
  const msAt = (index: number) => msOf(heap[index]);

  function put(index: number, member: T): void {
    heap[index] = member;
  }

  function rise(from: number, member: T): void {
    const ms = msOf(member);
    let index = from;
    for (let above = (index - 1) >> 1; index > 0 && msAt(above) > ms; above = (index - 1) >> 1) {
      put(index, heap[above] as T);
      index = above;
    }
    put(index, member);
  }

  function sink(from: number, member: T): void {
    const ms = msOf(member);
    let index = from;
    for (;;) {
      let below = 2 * index + 1;
      if (msAt(below + 1) < msAt(below)) below += 1;
      if (msAt(below) >= ms) break;
      put(index, heap[below] as T);
      index = below;
    }
    put(index, member);
  }

  function dropLeft(): void {
    while (heap[0]?.hasLeft === true) {
      const last = heap.pop() as T;
      if (heap.length > 0) sink(0, last);
    }
  }

  return {
    join(member) {
      live += 1;
      rise(heap.length, member);
    },
    leave() {
      live -= 1;
      if (!isSparse(heap.length, live)) return;
      heap = heap.filter(({ hasLeft }) => !hasLeft);
      for (let index = (heap.length >> 1) - 1; index >= 0; index -= 1) sink(index, heap[index] as T);
    },
    get firstMs() {
      dropLeft();
      return msAt(0);
    },
    get first() {
      dropLeft();
      return heap[0];
    },
  };
}
