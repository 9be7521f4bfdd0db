import { type BudgetRules, leaseMsOf, returnMs } from './budget-rules.ts';
import type { BudgetState } from './budget-state.ts';
import { graceMs, hungryUntilMs } from './turns.ts';

/** How long nobody may start when nobody came for a while, for others may go by shares of their own. */
export function silentUntilMs(
  state: BudgetState,
  name: string,
  { windowMs }: BudgetRules,
  nowMs: number,
  startedMs: number,
): number {
  const silentMs = nowMs - state.atMs;
  if (silentMs <= graceMs && state.madeMs < nowMs) return -Infinity;
  const fromMs = areOthersMissing(state, name, windowMs, silentMs) ? nowMs : -Infinity;
  return Math.max(fromMs + windowMs, startedMs + Math.max(windowMs, returnMs));
}

/**
 * Whether others had to come, and did not: the backend could not be reached, by nobody. Nobody goes by a share before a window
 * has passed.
 */
function areOthersMissing(state: BudgetState, name: string, windowMs: number, silentMs: number): boolean {
  if (silentMs <= windowMs + graceMs) return false;
  // Whoever has a task that runs comes each third of a lease.
  const isLong = silentMs > windowMs + leaseMsOf(windowMs) / 3;
  const running = isLong ? state.slots.filter(({ freeAtMs }) => freeAtMs > state.atMs + windowMs) : [];
  return state.peers.some(
    (peer) =>
      peer.name !== name &&
      (hungryUntilMs(peer) >= state.atMs || running.some(({ grant }) => grant.startsWith(`${peer.name}.`))),
  );
}
