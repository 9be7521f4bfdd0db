import { deadlineOf, isSparse, type MayLeave } from './may-leave.ts';

/** Who came with an earlier deadline than others before it: by deadline, the earliest first. */
export interface Heap<T> {
  readonly first: T | undefined;
  join(member: T): void;
  /** So many are left in the queue. */
  prune(live: number): void;
}

export function createHeap<T extends MayLeave>(): Heap<T> {
  let members: T[] = [];
  const at = (index: number) => deadlineOf(members[index]);

  /** Puts it at this place, or above it, and moves down who stands in its way. */
  function rise(from: number, member: T): void {
    let index = from;
    for (;;) {
      const above = (index - 1) >> 1;
      if (index === 0 || at(above) <= deadlineOf(member)) break;
      members[index] = members[above] as T;
      index = above;
    }
    members[index] = member;
  }

  /** Puts it at this place, or below it, and moves up who stands in its way. */
  function sink(from: number, member: T): void {
    let index = from;
    for (;;) {
      let below = 2 * index + 1;
      if (at(below + 1) < at(below)) below += 1;
      if (at(below) >= deadlineOf(member)) break;
      members[index] = members[below] as T;
      index = below;
    }
    members[index] = member;
  }

  return {
    get first() {
      while (members[0]?.hasLeft === true) {
        const last = members.pop() as T;
        if (members.length > 0) sink(0, last);
      }
      return members[0];
    },
    join(member) {
      rise(members.length, member);
    },
    prune(live) {
      if (members.length === 0 || !isSparse(members.length, live)) return;
      members = members.filter(({ hasLeft }) => !hasLeft);
      for (let index = (members.length >> 1) - 1; index >= 0; index -= 1) sink(index, members[index] as T);
    },
  };
}
