import type { CircuitBreaker } from '@kis/breaker';
import type { RateLimiter } from '@kis/ratelimit';
import type { Clock, Token, TokenManager } from '@kis/token-core';
import { KisApiError } from './errors.ts';
import { isOutage, isRateRefusal, isTokenRefusal } from './refusals.ts';
import type { Send } from './send.ts';
import type { KisReply, KisRequest, Transport } from './transport.ts';

/** KIS counts by the second; the rest is for what is still under way. */
const ratePauseMs = 1_050;

/**
 * One attempt: the breaker is asked, a permit is waited for, and the call goes out with the token of that moment: a long
 * queue outlives a token. While a new one is waited for no permit is held: the calls that wait would all leave in one burst.
 */
export function createAttempt(layers: {
  readonly tokens: TokenManager;
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly send: Send;
  /** Throws once the client is closed. */
  assertOpen(): void;
}): Transport {
  const { tokens, rateLimiter, breaker, clock, send, assertOpen } = layers;
  let refusedToken: string | undefined;
  let penalizedMs = -Infinity;

  const isOver = (token: Token) => token.value === refusedToken || token.expiresAtMs <= clock.nowMs();

  /** A refusal with a code is an answer, and so a success to the breaker. */
  async function ask(request: KisRequest, token: Token): Promise<KisReply | KisApiError> {
    const sentMs = clock.monotonicMs();
    try {
      return await send(request, token);
    } catch (error) {
      if (isTokenRefusal(error)) {
        refusedToken = token.value;
        tokens.invalidate(token);
      }
      // Of calls that were under way together the first refusal is enough.
      if (isRateRefusal(error) && sentMs >= penalizedMs) {
        rateLimiter.penalize({ pauseMs: ratePauseMs });
        penalizedMs = clock.monotonicMs();
      }
      if (error instanceof KisApiError && !isOutage(error)) return error;
      throw error;
    }
  }

  return async (request) => {
    const { signal } = request;
    let before: Token | undefined;
    for (;;) {
      assertOpen();
      breaker.assertClosed();
      const token = await tokens.getToken({ signal });
      // Only for another token: a manager that is never at hand, or a clock that is wrong, must not send a call round for ever.
      const mayGoBack = token.value !== before?.value;
      before = token;
      let isStale = false;
      const task = () => {
        assertOpen();
        breaker.assertClosed();
        isStale = mayGoBack && isOver(token);
        // Thrown at once, it gives the permit back unused.
        if (isStale) throw new Error('the token ended while the call waited');
        return breaker.execute(async () => {
          const next = tokens.getToken({ signal });
          const now = mayGoBack ? await atHand(next) : await next;
          isStale = now === undefined;
          if (now === undefined) throw new Error('the token ended while the call waited');
          assertOpen();
          return ask(request, now);
        });
      };
      try {
        const answer = await rateLimiter.execute(task, { signal });
        if (answer instanceof KisApiError) throw answer;
        return answer;
      } catch (error) {
        if (!isStale) throw error;
      }
    }
  };
}

/** The token, if there is one without a wait. */
function atHand(token: Promise<Token>): Promise<Token | undefined> {
  return new Promise((resolve) => {
    const late = setImmediate(resolve, undefined);
    token.then(resolve, () => resolve(undefined)).finally(() => clearImmediate(late));
  });
}
