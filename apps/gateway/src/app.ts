import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Accounts } from './accounts/accounts.ts';
import { type GatewayConfig, isLoopback } from './config/config.ts';
import { documentation } from './documentation.ts';
import { dropIn } from './dropin/dropin.ts';
import { EndingError } from './ending.ts';
import { healthRoutes, tokenStatusRoute } from './health/health.ts';
import type { Readiness } from './health/readiness.ts';
import type { TokenStatuses } from './health/token-statuses.ts';
import { checkHosts, needKey, refuseOtherSites, turnAway } from './http/access.ts';
import type { SignalOf } from './http/callers.ts';
import { answerClientError } from './http/client-error.ts';
import { createAnswerError, sendProblem } from './http/errors.ts';
import { bearsKey, createIsKey } from './http/keys.ts';
import { createProblem } from './http/problem.ts';
import type { Source } from './live/events.ts';
import type { Live } from './live/live.ts';
import { liveRoute } from './live/live-route.ts';
import type { Problems } from './live/problems.ts';
import type { Metrics } from './metrics.ts';
import { loadPage } from './page/page.ts';
import { servePage } from './page/serve-page.ts';
import { v1Routes } from './v1/v1.ts';

/** Whoever has not sent his question by then is let go. */
const SLOWEST_MS = 30_000;

/** All routes of the gateway, and who may ask for which. */
export async function createApp(parts: {
  readonly log: Logger;
  readonly config: Pick<GatewayConfig, 'apiKey' | 'host' | 'hostNames'>;
  readonly source: Source;
  readonly accounts: Accounts;
  readonly readiness: Readiness;
  readonly statuses: TokenStatuses;
  readonly problems: Problems;
  readonly live: Live;
  readonly metrics: Metrics;
  readonly signalOf: SignalOf;
  /** Aborted when the gateway ends. */
  readonly closing: AbortSignal;
}): Promise<FastifyInstance> {
  const { config, source, accounts, readiness, statuses, live, metrics, signalOf, closing } = parts;
  const { note } = parts.problems;
  const isKey = createIsKey(config.apiKey?.reveal());
  const isOpen = isLoopback(config.host);
  const answerError = createAnswerError(note);

  const app: FastifyInstance = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 262_144,
    requestTimeout: SLOWEST_MS,
    // Node looks for those who are too slow so often, and takes the longer of the two times for the one of the whole.
    http: { headersTimeout: SLOWEST_MS, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: 'idle',
    // Who comes when it ends is told so by a hook of ours.
    return503OnClosing: false,
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false } },
  });
  checkHosts(app, config.hostNames);
  refuseOtherSites(app);
  turnAway(app, closing, new EndingError());
  app.addHook('onResponse', (request, reply, done) => {
    metrics.noteReply(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
    done();
  });
  app.setNotFoundHandler((_, reply) => sendProblem(reply, createProblem(404, 'ERR_NO_ROUTE', 'There is nothing here')));
  app.setErrorHandler(answerError);

  await documentation(app);
  const maySeeDetails = (request: FastifyRequest) => isOpen || bearsKey(request, isKey);
  healthRoutes(app, { readiness, source, maySeeDetails, isClosing: () => closing.aborted });
  await app.register(servePage, { load: loadPage });
  await app.register(dropIn, { accounts, signalOf, isKey, needsKey: !isOpen, note });
  await app.register(async (scope) => {
    if (!isOpen) needKey(scope, isKey);
    await scope.register(v1Routes, { prefix: '/v1', accounts, signalOf });
    scope.get('/metrics', { schema: { hide: true } }, async (_, reply) => {
      await statuses.look();
      return reply.type(metrics.contentType).send(await metrics.text(accounts, statuses, live.size));
    });
    tokenStatusRoute(scope, { accounts, statuses, source });
    liveRoute(scope, { accounts, live });
  });
  return app;
}
