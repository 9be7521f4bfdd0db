/** Gives its members back in the order of a number of theirs, the smallest first. */
export interface Heap<T> {
  readonly size: number;
  readonly first: T | undefined;
  push(member: T): void;
  pop(): void;
  /** Drops all others. */
  keep(isKept: (member: T) => boolean): void;
}

/** `numberOf` nobody is `Infinity`. */
export function createHeap<T>(numberOf: (member: T | undefined) => number): Heap<T> {
  let members: T[] = [];
  const at = (index: number) => numberOf(members[index]);

  /** Puts it at this place, or above it, and moves down who stands in its way. */
  function rise(from: number, member: T): void {
    let index = from;
    for (;;) {
      const above = (index - 1) >> 1;
      if (index === 0 || at(above) <= numberOf(member)) break;
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
      if (at(below) >= numberOf(member)) break;
      members[index] = members[below] as T;
      index = below;
    }
    members[index] = member;
  }

  return {
    get size() {
      return members.length;
    },
    get first() {
      return members[0];
    },
    push(member) {
      rise(members.length, member);
    },
    pop() {
      const last = members.pop();
      if (last !== undefined && members.length > 0) sink(0, last);
    },
    keep(isKept) {
      members = members.filter(isKept);
      for (let index = (members.length >> 1) - 1; index >= 0; index -= 1) sink(index, members[index] as T);
    },
  };
}
