import { setMaxListeners } from 'node:events';

/**
 * One listener for each signal, however many wait under it: a signal looks through all its listeners to add another,
 * so a listener per caller would make a long queue slow.
 */
export interface AbortGroups<T> {
  join(signal: AbortSignal, member: T): void;
  leave(signal: AbortSignal, member: T): void;
}

export function createAbortGroups<T>(onAbort: (member: T, reason: unknown) => void): AbortGroups<T> {
  const groups = new Map<AbortSignal, { readonly members: Set<T>; readonly end: () => void }>();

  function open(signal: AbortSignal) {
    const members = new Set<T>();
    const abort = () => {
      groups.delete(signal);
      for (const member of members) onAbort(member, signal.reason);
    };
    try {
      // One signal for many limiters is no leak, which Node would warn of.
      setMaxListeners(0, signal);
    } catch {
      // Not Node's own signal: nobody warns.
    }
    signal.addEventListener('abort', abort, { once: true });
    const group = { members, end: () => signal.removeEventListener('abort', abort) };
    groups.set(signal, group);
    return group;
  }

  return {
    join(signal, member) {
      (groups.get(signal) ?? open(signal)).members.add(member);
    },
    leave(signal, member) {
      const group = groups.get(signal);
      if (group === undefined) return;
      group.members.delete(member);
      if (group.members.size > 0) return;
      groups.delete(signal);
      group.end();
    },
  };
}
