import { deadlineOf, isSparse, type MayLeave } from './may-leave.ts';

/** First in, first out; anyone may leave from anywhere, and is passed over when its place comes. */
export interface Line<T> {
  readonly first: T | undefined;
  readonly size: number;
  /** Whether nobody in front of it has a later deadline. Of all for whom this is true the first one has the earliest. */
  join(member: T): boolean;
  /** So many members have left: their `hasLeft` is true. */
  leave(count: number): void;
  each(run: (member: T) => void): void;
}

export function createLine<T extends MayLeave>(): Line<T> {
  let members: (T | undefined)[] = [];
  /** Before it stands nobody any more. */
  let head = 0;
  let size = 0;
  let latestMs = -Infinity;
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
      const ms = deadlineOf(member);
      if (ms < latestMs) return false;
      latestMs = ms;
      return true;
    },
    leave(count) {
      size -= count;
      if (!isSparse(members.length, size)) return;
      members = size === 0 ? [] : members.filter((member) => member?.hasLeft === false);
      head = 0;
      if (size === 0) latestMs = -Infinity;
    },
    each(run) {
      for (const member of members) if (member?.hasLeft === false) run(member);
    },
  };
}
