import type { CheckedOptions } from '../options.ts';
import { leaseMsOf, memoryMsOf } from './budget-rules.ts';
import type { BudgetAnswer } from './ports.ts';

/** What the last answer told of the budget. */
export interface Known {
  /** -Infinity: there was none. */
  readonly answeredMs: number;
  readonly limit: number;
  /** The most that were seen of late: a budget that was emptied sees them again one by one. */
  readonly peers: number;
  /** Of the state that slots in use may be known by; undefined: none of then is in use any more. */
  generation(nowMs: number): string | undefined;
  slotsInUse(nowMs: number, running: number): number;
  pauseMs(nowMs: number): number;
  /** Tells of a burst of refusals, and of another limit. */
  hear(answer: BudgetAnswer, nowMs: number): void;
  /** There is no answer: as many peers as there were are counted on. */
  beAway(nowMs: number): void;
}

export function createKnown({ limit: ceiling, windowMs, onEvent }: CheckedOptions): Known {
  let last: BudgetAnswer | undefined;
  let countedMs = -Infinity;
  const known = {
    answeredMs: -Infinity,
    limit: ceiling,
    // Who never saw others counts none.
    peers: 1,
    generation: (nowMs: number) =>
      nowMs - known.answeredMs < leaseMsOf(windowMs) + windowMs ? last?.generation : undefined,
    slotsInUse: (nowMs: number, running: number) =>
      nowMs - known.answeredMs < windowMs ? (last?.slotsInUse ?? 0) : running,
    pauseMs: (nowMs: number) => (last?.pauseMs ?? 0) - (nowMs - known.answeredMs),
    hear(answer: BudgetAnswer, nowMs: number) {
      if (last?.generation === answer.generation && answer.bursts > last.bursts) {
        onEvent({ type: 'pause', pauseMs: answer.pauseMs });
      }
      const limit = Math.min(ceiling, answer.effectiveLimit);
      if (limit !== known.limit) onEvent({ type: 'limit', limit });
      last = answer;
      known.limit = limit;
      if (answer.peers >= known.peers || nowMs - countedMs > memoryMsOf(windowMs)) {
        known.peers = answer.peers;
        countedMs = nowMs;
      }
      known.answeredMs = nowMs;
    },
    beAway(nowMs: number) {
      countedMs = nowMs;
    },
  };
  return known;
}
