import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import { createProblem, PROBLEM_TYPE } from '../http/problem.ts';
import type { Readiness } from './readiness.ts';
import { describeToken } from './token-report.ts';

/** `/healthz` and `/readyz`, which need no key. */
export function healthRoutes(
  app: FastifyInstance,
  options: { readonly readiness: Readiness; readonly isClosing: () => boolean },
): void {
  const { readiness, isClosing } = options;

  app.get('/healthz', { schema: { tags: ['health'], summary: 'Whether the process is alive' } }, async () => ({
    status: 'ok',
  }));

  app.get('/readyz', { schema: { tags: ['health'], summary: 'Whether calls can be served' } }, async (_, reply) => {
    const found = isClosing() ? { ready: false, missing: [], details: ['the gateway ends'] } : await readiness.look();
    return reply.code(found.ready ? 200 : 503).send(found);
  });
}

/** `/token/status`: how a token stands, by the names that monitors of existing clients read. */
export function tokenStatusRoute(app: FastifyInstance, accounts: Accounts): void {
  app.get<{ Querystring: { account?: string } }>(
    '/token/status',
    { schema: { tags: ['health'], summary: 'How the token stands, and who asked KIS for it' } },
    async (request, reply) => {
      const account = accounts.byName(request.query.account);
      if (account !== undefined) return describeToken(account.name, await account.client.tokens.status());
      const problem = createProblem(404, 'ERR_NO_ACCOUNT', 'There is no such account');
      return reply.code(404).type(PROBLEM_TYPE).send(problem);
    },
  );
}
