import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import { createProblem, PROBLEM_TYPE } from '../http/problem.ts';
import type { Live } from './live.ts';

/** `GET /events`: server-sent events of what happens. */
export function liveRoute(app: FastifyInstance, options: { readonly accounts: Accounts; readonly live: Live }): void {
  const { accounts, live } = options;
  app.get<{ Querystring: { account?: string } }>('/events', { schema: { hide: true } }, async (request, reply) => {
    const account = accounts.byName(request.query.account);
    if (account === undefined) {
      return reply
        .code(404)
        .type(PROBLEM_TYPE)
        .send(createProblem(404, 'ERR_NO_ACCOUNT', 'There is no such account'));
    }
    live.open(reply, account);
    return reply;
  });
}
