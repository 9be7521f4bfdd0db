import type { ProblemNote } from './events.ts';

export interface Problems {
  note(where: string, error: unknown, account?: string): void;
  /** Newest first. */
  readonly list: readonly ProblemNote[];
}

const KEPT = 30;
const SAME_MS = 60_000;

/** The same within a minute is one that came several times: an outage is not to push out all else. */
export function createProblems(onProblem: (problem: ProblemNote) => void): Problems {
  let list: readonly ProblemNote[] = [];
  let count = 0;
  return {
    get list() {
      return list;
    },
    note(where, error, account) {
      const { code = 'ERR_INTERNAL', kisCode, status, message = '' } = error as Partial<ProblemNote>;
      const atMs = Date.now();
      const same = list.find(
        (it) =>
          it.where === where &&
          it.code === code &&
          it.kisCode === kisCode &&
          it.account === account &&
          atMs - it.atMs < SAME_MS,
      );
      count += 1;
      // What is not known of our packages may hold anything in its message.
      const text = code.startsWith('ERR_') ? message : 'See the log';
      const problem: ProblemNote = {
        id: same?.id ?? String(count),
        atMs,
        account,
        where,
        code,
        kisCode: kisCode || undefined,
        status,
        message: text,
        count: (same?.count ?? 0) + 1,
      };
      list = [problem, ...list.filter((it) => it !== same)].slice(0, KEPT);
      onProblem(problem);
    },
  };
}
