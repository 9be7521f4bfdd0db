import type { Clock, Token } from '@kis/token-core';
import { KisNetworkError, KisResponseError } from './errors.ts';
import type { Http, HttpReply } from './http.ts';
import { parseReply } from './parse-reply.ts';
import type { KisReply, KisRequest } from './transport.ts';

export type Send = (request: KisRequest, token: Token) => Promise<KisReply>;

/** The bottom of all layers: one exchange with KIS within `timeoutMs`, and its answer parsed. */
export function createSend(options: {
  readonly http: Http;
  readonly baseUrl: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): Send {
  const { http, baseUrl, appKey, appSecret, timeoutMs, clock } = options;

  async function exchange(request: KisRequest, token: Token): Promise<HttpReply> {
    const { method, params, trId, signal } = request;
    const url = new URL(request.path, baseUrl);
    if (method === 'GET') url.search = new URLSearchParams(params).toString();
    const deadline = startDeadline(clock, timeoutMs, signal);
    try {
      return await http.exchange(url, {
        method,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: `Bearer ${token.value}`,
          appkey: appKey,
          appsecret: appSecret,
          tr_id: trId,
          tr_cont: request.trCont,
          custtype: 'P',
        },
        body: method === 'POST' ? JSON.stringify({ ...params }) : undefined,
        signal: deadline.signal,
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof KisResponseError) throw error;
      const cause = deadline.signal.aborted ? deadline.signal.reason : error;
      throw new KisNetworkError(`KIS did not answer ${trId}: ${describe(cause)}`, {
        mayHaveArrived: !neverSent.has(codeOf(cause) ?? ''),
        cause,
      });
    } finally {
      deadline.end();
    }
  }

  return async (request, token) => {
    const { status, text, header } = await exchange(request, token);
    const dateMs = Date.parse(header('date') ?? '');
    return {
      trId: request.trId,
      status,
      trCont: (header('tr_cont') ?? '').trim(),
      dateMs: Number.isNaN(dateMs) ? clock.nowMs() : dateMs,
      body: parseReply({ status, text, trId: request.trId }),
    };
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

/** Aborts with the caller's reason or, after `ms`, with a `TimeoutError`, whichever is first. */
function startDeadline(clock: Clock, ms: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const cancel = clock.setTimer(ms, () => controller.abort(new DOMException(`no answer in ${ms} ms`, 'TimeoutError')));
  return {
    signal: controller.signal,
    end() {
      cancel();
      signal?.removeEventListener('abort', abort);
    },
  };
}
