import type { CircuitBreaker } from '@kis/breaker';
import type { KisApiError } from './errors.ts';
import { isAnswer, isOutage } from './refusals.ts';
import type { KisReply } from './transport.ts';

/**
 * Makes a call under the breaker. An outage counts against KIS. Its last word on the call, which is what this resolves to,
 * counts for it, be it a refusal. All else, such as a refused rate or token, counts neither way, which a breaker knows of an
 * `AbortError`.
 */
export async function guard(breaker: CircuitBreaker, call: () => Promise<KisReply>): Promise<KisReply | KisApiError> {
  let aside: { readonly error: unknown } | undefined;
  try {
    return await breaker.execute(async () => {
      try {
        return await call();
      } catch (error) {
        if (isAnswer(error)) return error;
        if (isOutage(error)) throw error;
        aside = { error };
        throw new DOMException('neither for nor against KIS', 'AbortError');
      }
    });
  } catch (error) {
    throw aside === undefined ? error : aside.error;
  }
}
