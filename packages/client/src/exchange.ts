import type { Clock } from '@kis/token-core';
import { withDeadline } from './deadline.ts';
import { KisNetworkError, KisResponseError } from './errors.ts';
import type { Http, HttpInit, HttpReply } from './http.ts';
import { wasNeverSent } from './never-sent.ts';

/** One exchange within `timeoutMs`. Rejects with KisNetworkError, which names `what`, and with `signal.reason`. */
export type Exchange = (
  what: string,
  url: URL,
  init: Omit<HttpInit, 'signal'> & { readonly signal: AbortSignal | undefined },
) => Promise<HttpReply>;

export function createExchange(options: {
  readonly http: Http;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): Exchange {
  const { http, timeoutMs, clock } = options;
  return async (what, url, { signal, ...init }) => {
    const { isOpen } = http;
    try {
      return await withDeadline({ clock, ms: timeoutMs, signal }, (within) =>
        http.exchange(url, { ...init, signal: within }),
      );
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      if (cause instanceof KisResponseError) throw cause;
      throw new KisNetworkError(`KIS did not answer ${what}: ${describe(cause)}`, {
        mayHaveArrived: isOpen && !wasNeverSent(cause),
        cause,
      });
    }
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function describe(cause: unknown): string {
  return codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
