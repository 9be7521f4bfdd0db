import type { Clock, Token } from '@kis/token-core';
import { createExchange } from './exchange.ts';
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
  const { origin, appKey, appSecret, clock, learn } = options;
  const exchange = createExchange(options);

  function ask(request: KisRequest, token: Token): Promise<HttpReply> {
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
    return exchange(trId, url, { method, headers, body, signal });
  }

  return async (request, token) => {
    const sinceMs = clock.monotonicMs();
    const { trId } = request;
    const { status, text, header } = await ask(request, token);
    const serverDateMs = Date.parse(header('date') ?? '');
    const hasDate = !Number.isNaN(serverDateMs);
    if (hasDate) learn(serverDateMs, sinceMs);
    const dateMs = hasDate ? serverDateMs : clock.nowMs();
    const retryAfterMs = readRetryAfterMs(header('retry-after'), dateMs);
    const body = parseReply({ status, text, trId, retryAfterMs });
    return { trId, status, trCont: (header('tr_cont') ?? '').trim(), dateMs, body };
  };
}
