/**
 * A member of lists that are not searched when it leaves: it says so itself, and they drop it in passing, or when few are left.
 * So leaving costs the same however many there are.
 */
export interface MayLeave {
  readonly hasLeft: boolean;
  /** When its time is over; undefined: never. */
  readonly deadlineMs: number | undefined;
}

export const deadlineOf = (member: MayLeave | undefined): number => member?.deadlineMs ?? Infinity;

/** Whether so many of a list's members have left that they are to be dropped: what they hold must not be held for long. */
export function isSparse(length: number, live: number): boolean {
  return live === 0 || length > 2 * live + 64;
}
