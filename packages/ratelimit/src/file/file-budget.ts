import { hrtime } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVersionedFile } from '@kis/versioned-file';
import { createOwners } from '@kis/versioned-file/parts';
import { exchange } from '../shared/budget.ts';
import type { BudgetRules } from '../shared/budget-rules.ts';
import { type BudgetState, checkFormat } from '../shared/budget-state.ts';
import type { SharedBudget } from '../shared/ports.ts';
import { later } from '../shared/questions.ts';
import { withoutGone } from './gone-peers.ts';

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
 *
 * Peers are named after their processes, so that the others of the host find out which of them have ended.
 */
export function createFileBudget({ directory, name }: FileBudgetOptions, rules: BudgetRules): SharedBudget {
  const file = createVersionedFile<BudgetState>({ directory, name, isDurable: false });
  const owners = createOwners();
  const isGone = (peer: string): boolean => owners.isGone(peer.slice(0, peer.lastIndexOf('-')));

  return {
    peerPrefix: `${owners.self}-`,
    longestMs,
    async exchange(request) {
      const sentMs = hostMs();
      for (let tries = 1; ; tries += 1) {
        const stored = await file.read();
        const nowMs = hostMs();
        const before = stored && withoutGone(checkFormat(stored.value), isGone, rules.windowMs, nowMs);
        const { state, answer } = exchange(rules, before, later(request, nowMs - sentMs), nowMs);
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
