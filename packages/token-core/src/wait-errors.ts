import { TokenIssueError } from './errors.ts';
import type { Block } from './permission.ts';

/** What a caller is told who cannot have a token now: why, and when to come back. */
export function blockError({ reason, waitMs, attempt }: Block): TokenIssueError {
  const retryAfterMs = Math.ceil(waitMs);
  return new TokenIssueError(`${reasons[reason]} Come back in ${Math.ceil(waitMs / 1000)} s.`, {
    kisCode: attempt?.kisCode,
    retryAfterMs,
  });
}

const reasons: Readonly<Record<Block['reason'], string>> = {
  claimed: 'Another process is asking KIS for a token and has not answered yet.',
  interval: 'KIS issues one token a minute per app key, and the last question was put less than that ago.',
  backoff: 'KIS did not issue a token when it was last asked.',
  'wrong-keys':
    'KIS does not accept this app key or app secret. Corrected ones are tried at once; these again after an hour, or by refresh().',
  'dead-end': 'KIS refused the token and gives the same one again; within 6 hours of its issue it gives no other.',
  'forced-limit': 'Three tokens were asked for within the hour because KIS refused the one before.',
};

/** The issuer's own error, with the moment when it is worth while to ask again. */
export function withRetryAfter(error: TokenIssueError, retryAfterMs: number | undefined): TokenIssueError {
  const { message, status, kisCode, mayHaveArrived, cause } = error;
  return new TokenIssueError(message, { status, kisCode, mayHaveArrived, cause, retryAfterMs });
}

/** An issuer of one's own may reject with anything. */
export function asIssueError(cause: unknown): TokenIssueError {
  if (cause instanceof TokenIssueError) return cause;
  return new TokenIssueError('The issuer failed', { cause });
}
