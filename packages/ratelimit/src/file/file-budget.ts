import { hrtime } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVersionedFile } from '@kis/versioned-file';
import { type BudgetRules, exchange } from '../shared/budget.ts';
import type { BudgetState } from '../shared/budget-state.ts';
import type { SharedBudget } from '../shared/ports.ts';
import { later } from '../shared/questions.ts';

/** So long others may be first, again and again. */
const longestMs = 2_000;

/** After each time that another was first, up to so much more until the next try. */
const pauseMs = 2;

export interface FileBudgetOptions {
  readonly directory: string;
  readonly name: string;
}

/**
 * The state in a versioned file. Its times are those of the host's monotonic clock, which all processes read alike, and
 * which no correction of the time touches; when the host has started anew, they lie ahead of it, or long behind.
 */
export function createFileBudget({ directory, name }: FileBudgetOptions, rules: BudgetRules): SharedBudget {
  const file = createVersionedFile<BudgetState>({ directory, name, isDurable: false });

  return {
    async exchange(request) {
      const sentMs = hostMs();
      for (let tries = 1; ; tries += 1) {
        const stored = await file.read();
        const nowMs = hostMs();
        const { state, answer } = exchange(rules, stored?.value, later(request, nowMs - sentMs), nowMs);
        if ((await file.compareAndSet(stored?.version, state)) !== undefined) return answer;
        if (nowMs - sentMs > longestMs) throw new Error(`ratelimit: others were first at the budget ${tries} times`);
        await sleep(Math.random() * pauseMs * tries);
      }
    },
    close: file.close,
  };
}

function hostMs(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
