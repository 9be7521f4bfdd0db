import { isSparse, type MayLeave } from './may-leave.ts';

/** First in, first out; anyone may leave from anywhere, and is passed over when its place comes. */
export interface Line<T> extends Iterable<T> {
  readonly first: T | undefined;
  readonly size: number;
  join(member: T): void;
  /** A member has left: its `hasLeft` is true. */
  leave(): void;
}

export function createLine<T extends MayLeave>(): Line<T> {
  let members: (T | undefined)[] = [];
  /** Before it stands nobody any more. */
  let head = 0;
  let size = 0;
  return {
    get first() {
      while (members[head]?.hasLeft === true) {
        members[head] = undefined;
        head += 1;
      }
      return members[head];
    },
    get size() {
      return size;
    },
    join(member) {
      members.push(member);
      size += 1;
    },
    leave() {
      size -= 1;
      if (!isSparse(members.length, size)) return;
      members = members.filter((member) => member?.hasLeft === false);
      head = 0;
    },
    *[Symbol.iterator]() {
      for (const member of members) if (member?.hasLeft === false) yield member;
    },
  };
}
