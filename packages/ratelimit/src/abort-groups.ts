import { setMaxListeners } from 'node:events';
import { isSparse, type MayLeave } from './may-leave.ts';

/**
 * One listener for each signal, however many wait under it: a signal looks through all its listeners to add another,
 * so a listener per caller would make a long queue slow.
 */
export interface AbortGroups<T> {
  join(signal: AbortSignal, member: T): void;
  /** A member has left by another way: its `hasLeft` is true. */
  leave(signal: AbortSignal): void;
  /** All have left by another way. */
  clear(): void;
}

interface Group<T> {
  members: T[];
  live: number;
  end(): void;
}

/** `onAbort` is told of all who still wait under a signal that is aborted. */
export function createAbortGroups<T extends MayLeave>(
  onAbort: (each: (run: (member: T) => void) => void, reason: unknown) => void,
): AbortGroups<T> {
  const groups = new Map<AbortSignal, Group<T>>();

  function open(signal: AbortSignal): Group<T> {
    const group: Group<T> = { members: [], live: 0, end: () => signal.removeEventListener('abort', abort) };
    const abort = () => {
      groups.delete(signal);
      onAbort((run) => {
        for (const member of group.members) if (!member.hasLeft) run(member);
      }, signal.reason);
    };
    try {
      // One signal for many limiters is no leak, which Node would warn of.
      setMaxListeners(0, signal);
    } catch {
      // Not Node's own signal: nobody warns.
    }
    signal.addEventListener('abort', abort, { once: true });
    groups.set(signal, group);
    return group;
  }

  return {
    join(signal, member) {
      const group = groups.get(signal) ?? open(signal);
      group.members.push(member);
      group.live += 1;
    },
    leave(signal) {
      const group = groups.get(signal);
      if (group === undefined) return;
      group.live -= 1;
      if (group.live === 0) {
        groups.delete(signal);
        group.end();
      } else if (isSparse(group.members.length, group.live)) {
        group.members = group.members.filter(({ hasLeft }) => !hasLeft);
      }
    },
    clear() {
      for (const { end } of groups.values()) end();
      groups.clear();
    },
  };
}
