import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import { AccountQuery, answers } from '../http/schemas.ts';
import type { Source } from '../live/events.ts';
import type { Readiness } from './readiness.ts';
import { Alive, Ready, TokenState } from './schemas.ts';
import { reportToken } from './token-report.ts';
import type { TokenStatuses } from './token-statuses.ts';

const ENDING = { ready: false, missing: [], details: ['the gateway ends'] };

const tags = ['health'];

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

  app.get(
    '/healthz',
    { schema: { tags, summary: 'Whether the process is alive', response: answers(Alive) } },
    async () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    { schema: { tags, summary: 'Whether calls can be served', response: { ...answers(Ready), 503: Ready } } },
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
  options: { readonly accounts: Accounts; readonly statuses: TokenStatuses; readonly source: Source },
): void {
  const { accounts, statuses, source } = options;
  app.get<{ Querystring: { account?: string } }>(
    '/token/status',
    {
      schema: {
        tags,
        summary: 'How the token stands, and who asked KIS for it',
        querystring: AccountQuery,
        response: answers(TokenState),
      },
    },
    async ({ query }) => {
      const { name } = accounts.byName(query.account);
      await statuses.look();
      const { status, fault } = statuses.last(name);
      if (status === undefined || fault !== undefined) throw fault;
      return { ...reportToken(name, status), source };
    },
  );
}
