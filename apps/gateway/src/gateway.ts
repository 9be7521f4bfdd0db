import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { KisClientEvent } from '@kis/client';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { DestinationStream } from 'pino';
import { Agent, type Dispatcher } from 'undici';
import { type Account, createAccount } from './accounts/account.ts';
import { createAccounts } from './accounts/accounts.ts';
import { chooseLimiter } from './accounts/limiters.ts';
import { createStorage } from './accounts/storage.ts';
import { type GatewayConfig, isLoopback } from './config/config.ts';
import { documentation } from './documentation.ts';
import { dropIn } from './dropin/dropin.ts';
import { healthRoutes, tokenStatusRoute } from './health/health.ts';
import { createReadiness } from './health/readiness.ts';
import { createTokenStatuses } from './health/token-statuses.ts';
import { checkHosts, needKey } from './http/access.ts';
import { createIsKey } from './http/keys.ts';
import { createProblem, describeError, PROBLEM_TYPE } from './http/problem.ts';
import { createLive } from './live/live.ts';
import { liveRoute } from './live/live-route.ts';
import { createProblems } from './live/problems.ts';
import { createLog, logEvent } from './log.ts';
import { createMetrics } from './metrics.ts';
import { loadPage, type Page } from './page/page.ts';
import { servePage } from './page/serve-page.ts';
import { v1Routes } from './v1/v1.ts';

export interface Gateway {
  /** For tests: `app.inject(…)`. */
  readonly app: FastifyInstance;
  /** Takes calls from now on, and resolves to where. */
  listen(): Promise<string>;
  /** Takes nobody in any more; resolves when all that was under way has ended. */
  close(): Promise<void>;
}

/**
 * One process that any KIS client can stand behind: `createGateway(await readConfig(process.env))`.
 */
export async function createGateway(
  given: GatewayConfig,
  options: { readonly dispatcher?: Dispatcher | undefined; readonly logTo?: DestinationStream | undefined } = {},
): Promise<Gateway> {
  const log = createLog(given.logLevel, options.logTo);
  // A whole market is loaded for it, which a gateway with keys has no use for.
  const demo = given.accounts.length === 0 ? await (await import('./demo.ts')).createDemo(given) : undefined;
  const config = demo?.config ?? given;
  const storage = await createStorage(config.storage);

  const closing = new AbortController();
  const metrics = createMetrics();
  const problems = createProblems((problem) => live.send('problem', problem));
  const agent = demo?.dispatcher ?? options.dispatcher ?? new Agent({ connections: 10 });

  function onEvent(account: string, event: KisClientEvent): void {
    logEvent(log, account, event);
    if (event.type !== 'token') return;
    statuses.forget();
    const { event: about } = event;
    if (about.type === 'issued' || about.type === 'adopted') metrics.noteIssue(account, about.type);
    if (about.type === 'issue-failed') metrics.noteIssue(account, 'failed');
    if ('error' in about) problems.note('token', about.error, account);
  }

  const list: Account[] = [];
  for (const account of config.accounts) {
    list.push(
      await createAccount({
        ...{ config: account, breaker: config.breaker, storage, dispatcher: agent },
        createLimiter: await chooseLimiter(config.share, account),
        events: { onEvent, onExchange: metrics.noteExchange, onWait: metrics.noteWait },
      }),
    );
  }
  const accounts = createAccounts(list);
  const readiness = createReadiness(accounts, storage);
  const statuses = createTokenStatuses(accounts);
  const loopDelay = monitorEventLoopDelay({ resolution: 10 });
  loopDelay.enable();

  const live = createLive({
    ...{ accounts, boardCodes: config.board, problems, readiness, statuses, closing: closing.signal },
    about: { source: demo === undefined ? 'kis' : 'mock', storage: storage.kind, version },
    loopLagMs: () => loopDelay.percentile(99) / 1e6,
  });

  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 262_144,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false } },
  });
  const isKey = createIsKey(config.apiKey);
  const isOpen = isLoopback(config.host);

  checkHosts(app, config.hostNames);
  app.addHook('onResponse', async (request, reply) => {
    metrics.noteReply(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
  });
  app.setNotFoundHandler((_, reply) => {
    return reply
      .code(404)
      .type(PROBLEM_TYPE)
      .send(createProblem(404, 'ERR_NO_ROUTE', 'There is nothing here'));
  });
  app.setErrorHandler((error, request, reply) => {
    // Whoever asked has gone: nobody reads an answer, and nothing went wrong.
    if (reply.raw.destroyed) return reply.code(499).send();
    const problem = describeError(error);
    const where = request.routeOptions.url ?? 'none';
    if (problem.status >= 500) {
      problems.note(where, { ...problem, message: problem.detail });
      request.log[problem.code === 'ERR_INTERNAL' ? 'error' : 'warn']({ err: error, where }, 'a call failed');
    }
    if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1_000));
    return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
  });
  app.addHook('preClose', async () => live.close());

  await documentation(app);
  healthRoutes(app, { readiness, isClosing: () => closing.signal.aborted });
  let showPage = () => {};
  const page = new Promise<Page>((resolve) => {
    showPage = () => resolve(loadPage());
  });
  await app.register(servePage, { page });
  await app.register(async (scope) =>
    dropIn(scope, {
      ...{ accounts, isKey, needsKey: !isOpen },
      onFailure: (account, trId, error) => problems.note(trId, error, account),
    }),
  );
  await app.register(async (scope) => {
    if (!isOpen) needKey(scope, isKey);
    await scope.register(v1Routes, { prefix: '/v1', accounts });
    scope.get('/metrics', { schema: { hide: true } }, async (_, reply) => {
      statuses.refresh();
      return reply.type(metrics.contentType).send(await metrics.text(accounts, statuses, live.size));
    });
    tokenStatusRoute(scope, accounts);
    liveRoute(scope, { accounts, live });
  });

  const ticking = setInterval(() => {
    live.tick();
    loopDelay.reset();
  }, 1_000);

  async function end(): Promise<void> {
    closing.abort(new DOMException('the gateway ends', 'AbortError'));
    clearInterval(ticking);
    // Whoever waits for a turn has it, as long as there is time; who waits too long is told by the clients' close.
    const late = setTimeout(() => void Promise.all(list.map((account) => account.close())), DRAIN_MS);
    // A connection whose last answer is out would be kept for its next question.
    const hangingUp = setInterval(() => app.server.closeIdleConnections(), 50);
    await app.close();
    clearInterval(hangingUp);
    clearTimeout(late);
    await Promise.all(list.map((account) => account.close()));
    await storage.close();
    if (options.dispatcher === undefined) await agent.close();
    await demo?.close();
    loopDelay.disable();
    metrics.close();
  }

  let ended: Promise<void> | undefined;
  return {
    app,
    async listen() {
      const url = await app.listen({ host: config.host, port: config.port });
      for (const { client } of list) client.tokens.start();
      showPage();
      readiness.refresh();
      statuses.refresh();
      return url;
    },
    close() {
      ended ??= end();
      return ended;
    },
  };
}

/** Of the ten seconds that whoever sends SIGTERM waits. */
const DRAIN_MS = 6_000;

const version = '1.0.0';
