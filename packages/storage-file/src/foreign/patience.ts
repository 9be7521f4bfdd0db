import { setTimeout as sleep } from 'node:timers/promises';

/** From opening to closing, a program that writes a file in its place takes less than one of these. */
const PATIENCE_MS = [10, 10, 10];

/** Looks until it sees something whole; else gives what there is after a short wait. `drop`: ends a look that is not given. */
export async function lookPatiently<T>(
  look: () => Promise<T>,
  isWhole: (seen: T) => boolean,
  drop: (seen: T) => void | Promise<void> = () => {},
): Promise<T> {
  let seen = await look();
  for (const waitMs of PATIENCE_MS) {
    if (isWhole(seen)) break;
    await drop(seen);
    await sleep(waitMs);
    seen = await look();
  }
  return seen;
}
