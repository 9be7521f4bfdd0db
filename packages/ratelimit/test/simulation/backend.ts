import { exchange } from '../../src/shared/budget.ts';
import type { BudgetRules } from '../../src/shared/budget-rules.ts';
import type { BudgetState } from '../../src/shared/budget-state.ts';
import type { SharedBudget } from '../../src/shared/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A budget in memory, at the far end of a way that takes up to 2 ms in each direction. */
export interface Backend {
  readonly exchanges: number;
  connect(rules: BudgetRules): SharedBudget;
  set(fault: Fault): void;
  /** What it knew is gone. */
  forget(): void;
  /** It was started again, with what it knew a while ago: nothing, if it was never kept. */
  restart(): void;
  /** What it knows now is what it will know after a restart. */
  keep(): void;
}

/** It is not reached, its answers are lost, questions get lost without a word, or all is well. */
type Fault = 'none' | 'away' | 'answers-lost' | 'swallowed';

/** So long a question without an answer takes. */
const longestMs = 1_000;

export function createBackend(time: VirtualTime, random: () => number): Backend {
  let text: string | undefined;
  let exchanges = 0;
  let kept: string | undefined;
  let startedMs = -Infinity;
  let fault: Fault = 'none';
  return {
    get exchanges() {
      return exchanges;
    },
    connect: (rules) => ({
      peerPrefix: '',
      longestMs,
      async exchange(request) {
        exchanges += 1;
        await time.pass(random() * 2);
        // Lost for good, though all may be well before that is noticed.
        const isSwallowed = fault === 'swallowed';
        if (isSwallowed) await time.pass(longestMs);
        if (isSwallowed || fault === 'away') throw new Error('it is away');
        const before: BudgetState | undefined = text === undefined ? undefined : JSON.parse(text);
        const { state, answer } = exchange(rules, before, request, time.nowMs, startedMs);
        text = JSON.stringify(state);
        await time.pass(random() * 2);
        if (fault !== 'none') throw new Error('its answer is lost');
        return answer;
      },
      async close() {},
    }),
    set(to) {
      fault = to;
    },
    forget() {
      text = undefined;
    },
    restart() {
      text = kept;
      // Redis tells whole seconds.
      startedMs = time.nowMs + random() * 1_000;
    },
    keep() {
      kept = text;
    },
  };
}
