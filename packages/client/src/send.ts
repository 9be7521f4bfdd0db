import type { Clock, Token } from '@kis/token-core';
import { withDeadline } from './deadline.ts';
import { KisNetworkError, KisResponseError } from './errors.ts';
import type { Http, HttpReply } from './http.ts';
import { parseReply } from './parse-reply.ts';
import { readRetryAfterMs } from './retry-after.ts';
import type { KisReply, KisRequest } from './transport.ts';

export type Send = (request: KisRequest, token: Token) => Promise<KisReply>;

/** The bottom of all layers: one exchange with KIS within `timeoutMs`, and its answer parsed. */
export function createSend(options: {
  readonly http: Http;
  readonly origin: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Told of the `Date` header of each reply, and of the clock's `monotonicMs` when its call was sent. */
  learn(serverDateMs: number, sinceMs: number): void;
}): Send {
  const { http, origin, appKey, appSecret, timeoutMs, clock, learn } = options;

  async function exchange(request: KisRequest, token: Token): Promise<HttpReply> {
    const { method, params, trId, signal } = request;
    const url = new URL(origin);
    // A path that is set cannot become another host.
    url.pathname = request.path;
    if (method === 'GET') url.search = new URLSearchParams(params).toString();
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      authorization: `Bearer ${token.value}`,
      appkey: appKey,
      appsecret: appSecret,
      tr_id: trId,
      tr_cont: request.trCont,
      custtype: 'P',
    };
    const body = method === 'POST' ? JSON.stringify({ ...params }) : undefined;
    const { isOpen } = http;
    try {
      return await withDeadline({ clock, ms: timeoutMs, signal }, (within) =>
        http.exchange(url, { method, headers, body, signal: within }),
      );
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      if (cause instanceof KisResponseError) throw cause;
      throw new KisNetworkError(`KIS did not answer ${trId}: ${describe(cause)}`, {
        mayHaveArrived: isOpen && !neverSent.has(codeOf(cause) ?? ''),
        cause,
      });
    }
  }

  return async (request, token) => {
    const sinceMs = clock.monotonicMs();
    const { trId } = request;
    const { status, text, header } = await exchange(request, token);
    const serverDateMs = Date.parse(header('date') ?? '');
    const hasDate = !Number.isNaN(serverDateMs);
    if (hasDate) learn(serverDateMs, sinceMs);
    const dateMs = hasDate ? serverDateMs : clock.nowMs();
    const retryAfterMs = readRetryAfterMs(header('retry-after'), dateMs);
    const body = parseReply({ status, text, trId, retryAfterMs });
    return { trId, status, trCont: (header('tr_cont') ?? '').trim(), dateMs, body };
  };
}

/** Failures before a byte of the call was sent. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function describe(cause: unknown): string {
  return codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
