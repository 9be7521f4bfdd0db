import { faultName } from './storm-plan.ts';
import type { Evidence } from './storm-round.ts';

/** Of the rounds in which a fault came about. */
export interface StormCount {
  readonly rounds: number;
  readonly issues: number;
  /** EGW00133. */
  readonly refusals: number;
  readonly worstWaitMs: number;
}

/** Rounds by the faults that came about in them; a round with two counts for both. */
export function countRounds(counts: Map<string, StormCount>, { done, issues, refusals, told }: Evidence): void {
  const worstWaitMs = Math.max(0, ...told.map(({ waitMs }) => waitMs));
  for (const name of new Set(done.map(faultName))) {
    const before = counts.get(name) ?? { rounds: 0, issues: 0, refusals: 0, worstWaitMs: 0 };
    counts.set(name, {
      rounds: before.rounds + 1,
      issues: before.issues + issues,
      refusals: before.refusals + refusals,
      worstWaitMs: Math.max(before.worstWaitMs, worstWaitMs),
    });
  }
}
