import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Source } from '../live/events.ts';
import type { Readiness } from './readiness.ts';
import { reportToken } from './token-report.ts';

const ENDING = { ready: false, missing: [], details: ['the gateway ends'] };

/** `/healthz` and `/readyz`, which need no key; paths and hosts, which are in the details, are not for everybody. */
export function healthRoutes(
  app: FastifyInstance,
  options: {
    readonly readiness: Readiness;
    readonly source: Source;
    readonly isClosing: () => boolean;
    readonly maySeeDetails: (request: FastifyRequest) => boolean;
  },
): void {
  const { readiness, source, isClosing, maySeeDetails } = options;

  app.get('/healthz', { schema: { tags: ['health'], summary: 'Whether the process is alive' } }, async () => ({
    status: 'ok',
  }));

  app.get(
    '/readyz',
    { schema: { tags: ['health'], summary: 'Whether calls can be served' } },
    async (request, reply) => {
      const { details, ...found } = isClosing() ? ENDING : await readiness.look();
      const more = maySeeDetails(request) ? { details } : {};
      return reply.code(found.ready ? 200 : 503).send({ ...found, ...more, source });
    },
  );
}

/** `/token/status`: how a token stands, by the names that monitors of existing clients read. */
export function tokenStatusRoute(
  app: FastifyInstance,
  { accounts, source }: { readonly accounts: Accounts; readonly source: Source },
): void {
  app.get<{ Querystring: { account?: string } }>(
    '/token/status',
    { schema: { tags: ['health'], summary: 'How the token stands, and who asked KIS for it' } },
    async ({ query }) => {
      const { name, client } = accounts.byName(query.account);
      return { ...reportToken(name, await client.tokens.status()), source };
    },
  );
}
