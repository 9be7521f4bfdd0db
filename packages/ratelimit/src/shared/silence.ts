import { type BudgetRules, leaseMsOf } from './budget-rules.ts';
import type { BudgetState } from './budget-state.ts';
import type { BudgetRequest } from './ports.ts';
import { graceMs, hungryUntilMs } from './turns.ts';

/** How long nobody may start when nobody came for a while, for others may go by shares of their own. */
export function silentUntilMs(
  state: BudgetState,
  { peer, returnMs }: BudgetRequest,
  { windowMs }: BudgetRules,
  nowMs: number,
  startedMs: number,
): number {
  if (nowMs - state.atMs <= graceMs && state.madeMs < nowMs) return -Infinity;
  const fromMs = areOthersMissing(state, peer, windowMs, nowMs) ? nowMs : startedMs;
  return fromMs + Math.max(windowMs, returnMs);
}

/**
 * Whether others had to come, and did not: the backend could not be reached, by nobody. Nobody goes by a share before a window
 * has passed.
 */
function areOthersMissing(state: BudgetState, name: string, windowMs: number, nowMs: number): boolean {
  const silentMs = nowMs - state.atMs;
  if (silentMs <= windowMs + graceMs) return false;
  // Whoever has a task that runs comes each third of a lease.
  const isLong = silentMs > windowMs + leaseMsOf(windowMs) / 3;
  const running = isLong ? state.slots.filter(({ freeAtMs }) => freeAtMs > state.atMs + windowMs) : [];
  return state.peers.some((peer) => {
    if (peer.name === name) return false;
    const untilMs = hungryUntilMs(peer);
    const isLate = untilMs >= state.atMs && untilMs < nowMs;
    return isLate || running.some(({ grant }) => grant.startsWith(`${peer.name}.`));
  });
}
