/** What stands in a line. The links are the line's own. */
export interface InLine<T> {
  previous?: T | undefined;
  next?: T | undefined;
}

/** First in, first out; anyone may leave from anywhere at the same small cost, however long the line is. */
export interface Line<T> extends Iterable<T> {
  readonly first: T | undefined;
  readonly size: number;
  join(member: T): void;
  leave(member: T): void;
}

export function createLine<T extends InLine<T>>(): Line<T> {
  let first: T | undefined;
  let last: T | undefined;
  let size = 0;
  return {
    get first() {
      return first;
    },
    get size() {
      return size;
    },
    join(member) {
      member.previous = last;
      if (last === undefined) first = member;
      else last.next = member;
      last = member;
      size += 1;
    },
    leave(member) {
      if (member.previous === undefined) first = member.next;
      else member.previous.next = member.next;
      if (member.next === undefined) last = member.previous;
      else member.next.previous = member.previous;
      size -= 1;
    },
    *[Symbol.iterator]() {
      // A member that left still knows who came next, so leaving in mid-walk is fine.
      for (let member = first; member !== undefined; member = member.next) yield member;
    },
  };
}
