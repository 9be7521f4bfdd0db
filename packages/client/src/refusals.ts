import { KisApiError, KisNetworkError, KisResponseError } from './errors.ts';
import { actionOf, type KisAction } from './kis-codes.ts';

/**
 * Whether KIS refused it as one call too many in a second (EGW00201), and did not run it. A limiter of one's own takes it
 * as its `isRefusal`. The limit of the accounts' ledger (EGW00215) is another one.
 */
export function isRateRefusal(error: unknown): error is KisApiError {
  return isRefusal(error, 'B') && !isLedgerRefusal(error);
}

/** One account call too many in a second; the client keeps that limit by itself. */
export function isLedgerRefusal(error: unknown): error is KisApiError {
  return error instanceof KisApiError && error.kisCode === 'EGW00215';
}

/** One call too many, by either limit. */
export function isOverLimit(error: unknown): error is KisApiError {
  return isRefusal(error, 'B');
}

/** KIS does not accept the token, and did not run the call. */
export function isTokenRefusal(error: unknown): error is KisApiError {
  return isRefusal(error, 'T');
}

/** KIS's last word on a call. It shows that KIS is well. */
export function isAnswer(error: unknown): error is KisApiError {
  return isRefusal(error, 'F', 'W');
}

/** Whether it speaks against KIS's health. What cannot be read with HTTP 3xx or 4xx may be the caller's own mistake. */
export function isOutage(error: unknown): boolean {
  if (isTurnedAway(error)) return false;
  if (error instanceof KisApiError) return isRefusal(error, 'R', 'A');
  if (error instanceof KisResponseError) return error.status < 300 || error.status >= 500;
  return error instanceof KisNetworkError;
}

/** Whether a read may well succeed when it is sent again. */
export function isPassing(error: unknown): boolean {
  if (isTurnedAway(error)) return true;
  if (error instanceof KisResponseError) return error.status >= 500;
  return isOutage(error) && !isTimeout(error);
}

function isRefusal(error: unknown, ...actions: readonly KisAction[]): error is KisApiError {
  return error instanceof KisApiError && actions.includes(actionOf(error));
}

/** HTTP 429 without a code: too many calls for something before KIS, which itself has codes for that. */
function isTurnedAway(error: unknown): boolean {
  if (error instanceof KisApiError) return error.status === 429 && error.kisCode === '';
  return error instanceof KisResponseError && error.status === 429;
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof KisNetworkError)) return false;
  return error.cause instanceof DOMException && error.cause.name === 'TimeoutError';
}
