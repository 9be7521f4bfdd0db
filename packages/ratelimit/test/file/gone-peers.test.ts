import { describe, expect, test } from 'vitest';
import { withoutGone } from '../../src/file/gone-peers.ts';
import { type BudgetState, createBudgetState } from '../../src/shared/budget-state.ts';

const nowMs = 10_000;

function stateOf(...peers: readonly { readonly name: string; readonly creditMs: number }[]): BudgetState {
  const others = { limit: 18, seenMs: nowMs - 1_000, number: 1, granted: 1, served: 1, wanted: 0, dueMs: nowMs };
  return { ...createBudgetState('some', 18, 0), peers: peers.map((peer) => ({ ...others, ...peer })) };
}

describe('the slots of a peer whose process has ended', () => {
  test('are free a window after its last call can have arrived, and it is no peer any more', () => {
    const state = stateOf({ name: 'gone', creditMs: 30 }, { name: 'gone-not', creditMs: 0 });
    state.slots.push(
      { grant: 'gone.1.0', freeAtMs: nowMs + 3_000 },
      { grant: 'gone.1.1', freeAtMs: nowMs + 400 },
      { grant: 'gone-not.1.0', freeAtMs: nowMs + 3_000 },
    );
    const after = withoutGone(state, (name) => name === 'gone', 1_000, nowMs);
    expect(after.slots.map(({ freeAtMs }) => freeAtMs - nowMs)).toEqual([1_500, 430, 3_000]);
    expect(after.peers.map(({ name }) => name)).toEqual(['gone-not']);
  });

  test('are those of nobody when all are there: the state is what it was', () => {
    const state = stateOf({ name: 'here', creditMs: 0 });
    expect(withoutGone(state, () => false, 1_000, nowMs)).toBe(state);
  });
});
