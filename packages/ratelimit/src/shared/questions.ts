import type { Clock } from '../ports.ts';
import type { BudgetAnswer, BudgetRequest, SharedBudget } from './ports.ts';

/** What is asked and reported; who asks, and by which number, is added. */
export type Question = Omit<BudgetRequest, 'peer' | 'number'>;

export interface Answered {
  readonly answer: BudgetAnswer;
  readonly question: Question;
  /** When it was sent for the first time. */
  readonly askedMs: number;
}

/** One question after another: the next one gets its number when the last one was answered. */
export interface Questions {
  /** Whether the last one was not answered: then it is put again, and nothing else. */
  readonly isUnanswered: boolean;
  ask(next: (nowMs: number) => Question): Promise<Answered>;
}

export function createQuestions(budget: SharedBudget, peer: string, clock: Clock): Questions {
  let number = 0;
  let unanswered: { readonly question: Question; readonly askedMs: number } | undefined;

  return {
    get isUnanswered() {
      return unanswered !== undefined;
    },
    async ask(next) {
      const nowMs = clock.monotonicMs();
      const isRepeat = unanswered !== undefined;
      const { question, askedMs } = unanswered ?? { question: next(nowMs), askedMs: nowMs };
      if (!isRepeat) number += 1;
      unanswered = { question, askedMs };
      // Nobody waits any more for what was wanted then.
      const request = isRepeat ? { ...later(question, nowMs - askedMs), wanted: 0 } : question;
      const answer = await budget.exchange({ peer, number, ...request });
      unanswered = undefined;
      return { answer, question, askedMs };
    },
  };
}

/** Its times lie so much farther back. */
export function later<T extends Question>(question: T, ms: number): T {
  const ended = question.ended.map((one) => ({
    ...one,
    askedAgoMs: one.askedAgoMs + ms,
    endedAgoMs: one.endedAgoMs + ms,
  }));
  return { ...question, ended, pauseMs: Math.max(0, question.pauseMs - ms) };
}
