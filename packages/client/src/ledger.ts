import { createRateLimiter, type RateLimiter, type RateLimiterOptions } from '@kis/ratelimit';
import type { EventSink } from './events.ts';
import { isLedgerRefusal } from './refusals.ts';
import type { KisRequest } from './transport.ts';
import { isTrading, turnOf } from './turn.ts';

/** KIS counts by the second; the rest is what its own clocks may differ. */
const windowMs = 1_050;

export interface Ledger {
  /** Runs `task`, which sends the request. Where its TR is limited it waits for its turn, which is given back unused if `check` throws then. */
  execute<T>(request: KisRequest, check: () => void, task: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * The limit of the accounts' ledger, behind the gateway and its limit: about one call a second of each TR (EGW00215).
 * Questions about an account keep it from the first; an order, and whatever else, once KIS has told of it.
 */
export function createLedger(
  options: Pick<RateLimiterOptions, 'queueTimeoutMs' | 'maxQueue' | 'clock'> & { readonly onEvent: EventSink },
): Ledger {
  const { onEvent, ...rest } = options;
  const limiters = new Map<string, RateLimiter>();

  function limiterOf(trId: string): RateLimiter {
    const known = limiters.get(trId);
    if (known !== undefined) return known;
    const limiter = createRateLimiter({
      ...rest,
      limit: 1,
      windowMs,
      // A call waits for the gateway's limit before KIS sees it, so that its time here tells nothing of the way.
      roundTripCredit: 0,
      isRefusal: isLedgerRefusal,
      onEvent: (event) => onEvent({ type: 'rate-limit', trId, event }),
    });
    limiters.set(trId, limiter);
    return limiter;
  }

  const isLimited = (request: KisRequest) =>
    limiters.has(request.trId) || (request.method === 'GET' && isTrading(request));

  return {
    async execute(request, check, task) {
      if (isLimited(request)) {
        const inTurn = () => {
          check();
          return task();
        };
        return limiterOf(request.trId).execute(inTurn, turnOf(request));
      }
      try {
        return await task();
      } catch (error) {
        if (isLedgerRefusal(error)) limiterOf(request.trId).penalize({ pauseMs: windowMs });
        throw error;
      }
    },
    close() {
      for (const limiter of limiters.values()) void limiter.close();
    },
  };
}
