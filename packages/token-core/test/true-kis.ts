import { type Token, TokenIssueError, type TokenIssuer } from '../src/index.ts';
import { DAY, MINUTE } from './harness.ts';
import type { ManualClock } from './manual-clock.ts';

/** KIS, whose clock is right whatever is done to that of the host: a question a minute, and a token of a day. */
export interface TrueKis extends TokenIssuer {
  /** True instants, and what was answered: a token's name or a code. */
  readonly answers: readonly { readonly atMs: number; readonly is: string }[];
  /** How often it was asked for the time alone. */
  readonly timeQuestions: number;
  nowMs(): number;
}

export const LATENCY_MS = 300;

/** `isSilent`: its replies have no `Date`, and it does not tell the time. */
export function createTrueKis(clock: ManualClock, options: { readonly isSilent?: boolean } = {}): TrueKis {
  const startMs = clock.nowMs() - clock.uptimeMs();
  const answers: { atMs: number; is: string }[] = [];
  let timeQuestions = 0;
  let issues = 0;
  const nowMs = (): number => startMs + clock.uptimeMs();
  const travel = (): Promise<void> => new Promise((resolve) => void clock.setTimer(LATENCY_MS / 2, resolve));
  const date = (): { serverDateMs?: number } =>
    options.isSilent ? {} : { serverDateMs: Math.floor(nowMs() / 1_000) * 1_000 };

  return {
    timeoutMs: 10_000,
    answers,
    get timeQuestions() {
      return timeQuestions;
    },
    nowMs,
    async issue() {
      await travel();
      const lastMs = answers.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
      const atMs = nowMs();
      if (atMs - lastMs < MINUTE) {
        answers.push({ atMs, is: 'EGW00133' });
        const error = new TokenIssueError('too soon', { status: 403, kisCode: 'EGW00133', ...date() });
        await travel();
        throw error;
      }
      issues += 1;
      const name = `token ${issues}`;
      answers.push({ atMs, is: name });
      const token: Token = { value: name.padEnd(120, '.'), issuedAtMs: atMs, expiresAtMs: atMs + DAY };
      const answer = { token, ...date() };
      await travel();
      return answer;
    },
    ...(options.isSilent
      ? {}
      : {
          async serverDateMs() {
            timeQuestions += 1;
            await travel();
            const { serverDateMs = 0 } = date();
            await travel();
            return serverDateMs;
          },
        }),
  };
}
