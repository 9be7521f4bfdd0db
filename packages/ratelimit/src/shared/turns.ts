import type { BudgetState, Peer } from './budget-state.ts';

/** An appointment that is overdue by more counts for nothing: its process was killed, or is frozen. */
export const graceMs = 100;

/** What the asking peer sees. */
export interface View {
  readonly limit: number;
  readonly windowMs: number;
  readonly nowMs: number;
  /** Slots that are free by then are free for it. */
  readonly atMs: number;
  readonly creditMs: number;
}

/** How long a peer that was told to come again counts as one who waits. */
export function hungryUntilMs(peer: Peer): number {
  return peer.wanted > 0 ? peer.dueMs + graceMs : -Infinity;
}

export function slotsInUse(state: BudgetState, view: View): number {
  return state.slots.filter(({ freeAtMs }) => freeAtMs > view.atMs).length;
}

/** What a peer did not want it cannot ask for later; and of what it missed while it waited, no more than a window's. */
export function servedOf(state: BudgetState, peer: Peer, view: View): number {
  const hasWaited = peer.wanted > 0 && peer.dueMs + view.windowMs >= view.nowMs;
  return Math.max(peer.served, state.served - (hasWaited ? view.limit : 0));
}

/** How many of the free slots are a peer's turn: one after another goes to whoever was served least of those whose time has come. */
export function turnsOf(state: BudgetState, peer: Peer, view: View, free: number, most: number): number {
  // Who has less credit comes later for the same slot.
  const isDue = (other: Peer) => other.dueMs <= view.nowMs + Math.max(0, view.creditMs - other.creditMs);
  const others = hungryOthers(state, peer, view.nowMs).filter(isDue);
  const first = (served: number) =>
    others.reduce((sum, other) => sum + Math.min(other.wanted, Math.max(0, served - other.served)), 0);
  let turns = 0;
  while (turns < most && turns + 1 + first(peer.served + turns) <= free) turns += 1;
  return turns;
}

/**
 * When a peer that got less than it wanted has to come again: when the first slot becomes free for which none of the others that
 * were served no more than it was told to come. A task that runs may end now, and its slot be free a window later. `left`: slots that are free, and
 * kept for others, who may not come.
 */
export function appointmentMs(state: BudgetState, peer: Peer, view: View, left: number): number {
  const { limit, windowMs, nowMs, atMs, creditMs } = view;
  const others = hungryOthers(state, peer, nowMs);
  const lagMs = nowMs - atMs;
  const latestMs = left > 0 ? nowMs + graceMs : nowMs + windowMs - creditMs;
  const moments = state.slots
    .filter(({ freeAtMs }) => freeAtMs > atMs)
    .map(({ freeAtMs }) => Math.min(freeAtMs + lagMs, latestMs))
    .sort((one, other) => one - other)
    .slice(left > 0 ? 0 : -limit);
  for (const [place, ms] of moments.entries()) {
    const isBefore = (other: Peer) => other.served <= peer.served && other.dueMs + other.creditMs <= ms + creditMs;
    const before = others.filter(isBefore);
    if (before.length <= left + place) return ms;
  }
  return latestMs;
}

function hungryOthers(state: BudgetState, peer: Peer, nowMs: number): Peer[] {
  return state.peers.filter((other) => other !== peer && hungryUntilMs(other) >= nowMs);
}
