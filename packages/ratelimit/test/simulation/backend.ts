import type { BudgetRules } from '../../src/shared/budget.ts';
import { exchange } from '../../src/shared/budget.ts';
import type { BudgetState } from '../../src/shared/budget-state.ts';
import type { SharedBudget } from '../../src/shared/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A budget in memory, at the far end of a way that takes up to 2 ms in each direction. */
export interface Backend {
  readonly exchanges: number;
  connect(rules: BudgetRules): SharedBudget;
  /** From now on it is not reached, or its answers are lost, or all is well again. */
  set(fault: 'none' | 'away' | 'answers-lost'): void;
  /** It was restarted empty. */
  forget(): void;
}

export function createBackend(time: VirtualTime, random: () => number): Backend {
  let text: string | undefined;
  let exchanges = 0;
  let fault: 'none' | 'away' | 'answers-lost' = 'none';
  return {
    get exchanges() {
      return exchanges;
    },
    connect: (rules) => ({
      async exchange(request) {
        exchanges += 1;
        await time.pass(random() * 2);
        if (fault === 'away') throw new Error('it is away');
        const before: BudgetState | undefined = text === undefined ? undefined : JSON.parse(text);
        const { state, answer } = exchange(rules, before, request, time.nowMs);
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
  };
}
