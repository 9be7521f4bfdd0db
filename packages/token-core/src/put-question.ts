import { askInTime } from './ask-in-time.ts';
import { TokenIssueError } from './errors.ts';
import type { Knowledge } from './knowledge.ts';
import type { IssueAttempt, Token, TokenIssuer } from './ports.ts';
import type { ServerClock } from './server-clock.ts';
import { asIssueError } from './wait-errors.ts';

/** What came of a question, and the attempt that tells of it. */
interface Answer {
  readonly attempt: IssueAttempt;
  readonly token?: Token;
  readonly error?: TokenIssueError;
}

/** Asks the issuer for a token, and learns KIS's time from its answer. Never rejects. */
export async function putQuestion(
  { id, by, forced }: IssueAttempt,
  options: {
    readonly issuer: TokenIssuer;
    readonly clock: ServerClock;
    readonly knowledge: Knowledge;
    isAlive(token: Token): boolean;
  },
): Promise<Answer> {
  const { issuer, clock, knowledge, isAlive } = options;
  const sinceMs = clock.monotonicMs();

  function settled(outcome: IssueAttempt['outcome'], kisCode?: string): IssueAttempt {
    return {
      ...{ id, by, atMs: clock.nowMs(), outcome },
      ...(forced === undefined ? {} : { forced }),
      ...(kisCode === undefined ? {} : { kisCode }),
    };
  }

  function learn(serverDateMs = Number.NaN, token?: Token): void {
    // A date past the end of the token that comes with it is wrong.
    if (token === undefined || serverDateMs < token.expiresAtMs) clock.learn(serverDateMs, sinceMs);
  }

  try {
    const { token, serverDateMs } = await askInTime(issuer, clock);
    learn(serverDateMs, token);
    if (knowledge.isDead(token)) {
      const error = new TokenIssueError('KIS refused the token and gives the same one again');
      return { attempt: settled('same-token'), error };
    }
    if (!isAlive(token)) {
      return { attempt: settled('failed'), error: new TokenIssueError('KIS gave a token that has already expired') };
    }
    return { attempt: settled('issued'), token };
  } catch (cause) {
    const error = asIssueError(cause);
    learn(error.serverDateMs);
    if (error.kisCode !== undefined) return { attempt: settled('refused', error.kisCode), error };
    const isUnknown = error.status === undefined && error.mayHaveArrived;
    return { attempt: settled(isUnknown ? 'unknown' : 'failed'), error };
  }
}
