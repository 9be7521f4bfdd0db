import { createRateLimiter } from '@kis/ratelimit';
import { type Dispatcher, request } from 'undici';
import type { RelayReply } from './relay.ts';

/** Asks KIS for a key to its sockets. */
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
  const body = JSON.stringify({ grant_type: 'client_credentials', appkey: appKey, secretkey: appSecret });

  return (signal) =>
    limiter.execute(
      async () => {
        const reply = await request(`${origin}/oauth2/Approval`, {
          dispatcher,
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        const type = [reply.headers['content-type'] ?? 'application/json'].flat()[0] ?? '';
        return {
          status: reply.statusCode,
          headers: { 'content-type': type },
          body: Buffer.from(await reply.body.arrayBuffer()),
        };
      },
      { signal },
    );
}
