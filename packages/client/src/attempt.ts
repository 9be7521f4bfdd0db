import type { CircuitBreaker } from '@kis/breaker';
import type { RateLimiter } from '@kis/ratelimit';
import type { Clock, Token, TokenManager } from '@kis/token-core';
import { noteSent } from './call-count.ts';
import { KisApiError } from './errors.ts';
import { guard } from './guard.ts';
import type { Ledger } from './ledger.ts';
import { isTokenRefusal } from './refusals.ts';
import type { Send } from './send.ts';
import type { KisReply, KisRequest, Transport } from './transport.ts';
import { turnOf } from './turn.ts';

/**
 * One attempt: the breaker is asked, a turn at the ledger and a permit are waited for, and the call goes out with the token
 * of that moment: a long queue outlives a token. While a new one is waited for neither is held: the calls that wait would
 * all leave in one burst.
 */
export function createAttempt(layers: {
  readonly tokens: TokenManager;
  readonly ledger: Ledger;
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly send: Send;
  /** Throws once the client is closed. */
  assertOpen(): void;
}): Transport {
  const { tokens, ledger, rateLimiter, breaker, clock, send, assertOpen } = layers;
  let refusedToken: string | undefined;

  const isOver = (token: Token) => token.value === refusedToken || token.expiresAtMs <= clock.nowMs();

  async function ask(request: KisRequest, token: Token): Promise<KisReply> {
    noteSent(request);
    try {
      return await send(request, token);
    } catch (error) {
      if (isTokenRefusal(error)) {
        refusedToken = token.value;
        tokens.invalidate(token);
      }
      throw error;
    }
  }

  function assertReady(): void {
    assertOpen();
    breaker.assertClosed();
  }

  return async (request) => {
    const { signal } = request;
    const turn = turnOf(request);
    let before: Token | undefined;
    for (;;) {
      assertReady();
      const token = await tokens.getToken({ signal });
      // Only for another token: a manager that is never at hand, or a clock that is wrong, must not send a call round for ever.
      const mayGoBack = token.value !== before?.value;
      before = token;
      let isStale = false;
      // Thrown at once, it gives turn or permit back unused.
      const assertStillReady = () => {
        assertReady();
        isStale = mayGoBack && isOver(token);
        if (isStale) throw new Error('the token ended while the call waited');
      };
      const call = async () => {
        const next = tokens.getToken({ signal });
        const now = mayGoBack ? await atHand(next) : await next;
        isStale = now === undefined;
        if (now === undefined) throw new Error('the token ended while the call waited');
        assertOpen();
        return ask(request, now);
      };
      const withPermit = () => {
        assertStillReady();
        return guard(breaker, call);
      };
      try {
        const inTurn = () => rateLimiter.execute(withPermit, turn);
        const answer = await ledger.execute(request, assertStillReady, inTurn);
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
