import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import { AccountQuery } from '../http/schemas.ts';
import type { Live } from './live.ts';

/** `GET /events`: server-sent events of what happens. */
export function liveRoute(app: FastifyInstance, options: { readonly accounts: Accounts; readonly live: Live }): void {
  const { accounts, live } = options;
  app.get<{ Querystring: { account?: string } }>(
    '/events',
    {
      // It would never end.
      exposeHeadRoute: false,
      schema: { hide: true, querystring: AccountQuery },
    },
    async (request, reply) => {
      await live.open(reply, accounts.byName(request.query.account));
      return reply;
    },
  );
}
