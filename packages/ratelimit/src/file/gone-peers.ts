import type { BudgetState } from '../shared/budget-state.ts';
import { graceMs } from '../shared/turns.ts';

/** A call that has left may be so long on its way, though its sender is no more. */
const onItsWayMs = 500;

/**
 * The state without the peers whose processes have ended: what they had under way left before now, so their slots come back
 * when a window has passed after its arrival. Their credit dies with them.
 */
export function withoutGone(
  state: BudgetState,
  isGone: (peer: string) => boolean,
  windowMs: number,
  nowMs: number,
): BudgetState {
  // Whoever came a moment ago was there.
  const gone = state.peers.filter(({ name, seenMs }) => seenMs < nowMs - graceMs && isGone(name));
  if (gone.length === 0) return state;
  const slots = state.slots.map(({ grant, freeAtMs }) => {
    const peer = gone.find(({ name }) => grant.startsWith(`${name}.`));
    return { grant, freeAtMs: peer ? Math.min(freeAtMs + peer.creditMs, nowMs + onItsWayMs + windowMs) : freeAtMs };
  });
  return { ...state, slots, peers: state.peers.filter((peer) => !gone.includes(peer)) };
}
