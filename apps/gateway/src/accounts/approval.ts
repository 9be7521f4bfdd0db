import { KisNetworkError } from '@kis/client';
import { createRateLimiter } from '@kis/ratelimit';
import { type Dispatcher, request } from 'undici';
import type { RelayReply } from './relay.ts';

/**
 * Asks KIS for a key to its sockets. Rejects with KisNetworkError where KIS says nothing, RateLimitError where too many ask,
 * and with `signal.reason`.
 */
export type Approve = (signal: AbortSignal) => Promise<RelayReply>;

const TIMEOUT_MS = 10_000;

/** KIS tells no limit of it; one a second is what it takes of the like. */
export function createApproval(options: {
  readonly origin: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly dispatcher: Dispatcher;
}): Approve {
  const { origin, appKey, appSecret, dispatcher } = options;
  const limiter = createRateLimiter({ limit: 1, maxQueue: 100, queueTimeoutMs: 30_000 });
  const sent = JSON.stringify({ grant_type: 'client_credentials', appkey: appKey, secretkey: appSecret });

  async function ask(signal: AbortSignal): Promise<RelayReply> {
    const reply = await request(`${origin}/oauth2/Approval`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: sent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body = Buffer.from(await reply.body.arrayBuffer());
    const type = [reply.headers['content-type'] ?? 'application/json'].flat()[0] ?? '';
    return { status: reply.statusCode, headers: { 'content-type': type }, body };
  }

  return (signal) =>
    limiter.execute(
      async () => {
        try {
          return await ask(signal);
        } catch (cause) {
          if (signal.aborted) throw signal.reason;
          throw new KisNetworkError('KIS did not answer Approval', { mayHaveArrived: true, cause });
        }
      },
      { signal },
    );
}
