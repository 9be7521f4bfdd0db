import type { SharedRest } from './budget-state.ts';

/** While a scout is out, the others come again so many times a window: its answer is not told to them. */
export const looksAWindow = 8;

export function pause(rest: SharedRest, untilMs: number): void {
  rest.untilMs = Math.max(rest.untilMs, untilMs);
}

/** The first refusal of a burst. `askedMs`: a task that asked for its grant before a burst began belongs to that burst. */
export function isOfBurst(rest: SharedRest, askedMs: number): boolean {
  return rest.bursts > 0 && askedMs <= rest.burstMs;
}

export function beginBurst(rest: SharedRest, windowMs: number, nowMs: number): void {
  rest.burstMs = nowMs;
  rest.bursts += 1;
  rest.scout = 'due';
  pause(rest, nowMs + windowMs);
}

/** How many may start now. A scout that is not answered within a window is not waited for. */
export function mostStarts(rest: SharedRest, windowMs: number, nowMs: number): number {
  if (rest.scout === 'out' && rest.scoutMs + windowMs <= nowMs) rest.scout = 'none';
  if (rest.untilMs > nowMs || rest.scout === 'out') return 0;
  return rest.scout === 'due' ? 1 : Infinity;
}

/** When to come again while nobody may start; undefined: somebody may. */
export function restUntilMs(rest: SharedRest, windowMs: number, nowMs: number): number | undefined {
  if (rest.untilMs > nowMs) return rest.untilMs;
  if (rest.scout === 'out') return Math.min(rest.scoutMs + windowMs, nowMs + windowMs / looksAWindow);
  return undefined;
}

export function begin(rest: SharedRest, grant: string, nowMs: number): void {
  if (rest.scout !== 'due') return;
  rest.scout = 'out';
  rest.scoutGrant = grant;
  rest.scoutMs = nowMs;
}

/** `isUsed`: it was sent; otherwise the next one is the scout. */
export function end(rest: SharedRest, grant: string, isUsed: boolean): void {
  if (rest.scout === 'out' && rest.scoutGrant === grant) rest.scout = isUsed ? 'none' : 'due';
}
