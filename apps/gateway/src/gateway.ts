import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { KisClientEvent } from '@kis/client';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import type { Dispatcher } from 'undici';
import about from '../package.json' with { type: 'json' };
import { type Account, createAccount } from './accounts/account.ts';
import { createAccounts } from './accounts/accounts.ts';
import { chooseLimiter } from './accounts/limiters.ts';
import { createStorage } from './accounts/storage.ts';
import { createApp } from './app.ts';
import type { GatewayConfig } from './config/config.ts';
import { closeWithin, EndingError } from './ending.ts';
import { createReadiness } from './health/readiness.ts';
import { createTokenStatuses } from './health/token-statuses.ts';
import { createCallers } from './http/callers.ts';
import { watchSilent } from './http/silent.ts';
import { createLive } from './live/live.ts';
import { createProblems } from './live/problems.ts';
import { createLog, logEvent } from './log.ts';
import { createMetrics } from './metrics.ts';

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
  const demo = given.accounts.length === 0 ? (await import('./demo.ts')).createDemo(given) : undefined;
  const config = demo?.config ?? given;
  const source = demo === undefined ? 'kis' : 'mock';
  const storage = await createStorage(config.storage);

  const closing = new AbortController();
  const metrics = createMetrics();
  const problems = createProblems((problem) => live.send('problem', problem));

  function onEvent(account: string, event: KisClientEvent): void {
    logEvent(log, account, event);
    if (event.type !== 'token') return;
    statuses.forget();
    readiness.forget();
    const { event: about } = event;
    if (about.type === 'issued') metrics.noteIssue(account, 'issued');
    if (about.type === 'adopted') metrics.noteAdoption(account);
    if (about.type === 'issue-failed') metrics.noteIssue(account, 'failed');
    if ('error' in about) problems.note('token', about.error, account);
  }

  const list: Account[] = [];
  for (const account of config.accounts) {
    list.push(
      await createAccount({
        config: account,
        breaker: config.breaker,
        storage,
        dispatcher: demo?.dispatcher ?? options.dispatcher,
        createLimiter: await chooseLimiter(config.share, account),
        events: { onEvent, onExchange: metrics.noteExchange, onWait: metrics.noteWait },
      }),
    );
  }
  const accounts = createAccounts(list);
  const statuses = createTokenStatuses(accounts);
  const readiness = createReadiness(accounts, storage, statuses);
  const loopDelay = monitorEventLoopDelay({ resolution: 10 });
  loopDelay.enable();

  const live = createLive({
    accounts,
    boardCodes: config.board,
    problems,
    readiness,
    statuses,
    closing: closing.signal,
    about: { source, storage: storage.kind, version: about.version },
    loopLagMs: () => loopDelay.percentile(99) / 1e6,
  });

  const callers = createCallers();
  const app = await createApp({
    log,
    config,
    source,
    accounts,
    readiness,
    statuses,
    problems,
    live,
    metrics,
    signalOf: callers.signalOf,
    closing: closing.signal,
  });

  const silent = watchSilent(app.server);

  const ticking = setInterval(() => {
    live.tick();
    loopDelay.reset();
  }, 1_000);

  async function end(): Promise<void> {
    closing.abort(new DOMException('the gateway ends', 'AbortError'));
    clearInterval(ticking);
    live.close();
    const endsMs = performance.now() + DRAIN_MS + CLOSE_MS;
    // Whoever waits for a turn, or for KIS, is told then; who does not take that is cut off.
    const late = setTimeout(() => {
      const calls = callers.dismiss(new EndingError());
      if (calls.length > 0) log.warn({ calls }, 'ended before all was answered');
      for (const account of list) account.cut();
    }, DRAIN_MS);
    const tooLate = setTimeout(() => app.server.closeAllConnections(), CUT_MS);
    // A connection whose last answer is out would be kept for its next question, and a silent one for its first.
    const hangingUp = setInterval(() => {
      app.server.closeIdleConnections();
      silent.hangUp();
    }, HANG_UP_MS);
    await app.close();
    clearInterval(hangingUp);
    clearTimeout(tooLate);
    // Orders whose senders have gone may be under way.
    const left = await closeWithin(endsMs - performance.now(), {
      accounts: async () => void (await Promise.all(list.map((account) => account.close()))),
      storage: () => storage.close(),
    });
    clearTimeout(late);
    if (left.length > 0) log.warn({ left }, 'ended before all was closed');
    loopDelay.disable();
    metrics.close();
  }

  let ended: Promise<void> | undefined;
  return {
    app,
    async listen() {
      if (demo !== undefined) log.warn(DEMO_NOTE);
      const url = await app.listen({ host: config.host, port: config.port });
      for (const { client } of list) client.tokens.start();
      return url;
    },
    close() {
      ended ??= end();
      return ended;
    },
  };
}

/** Of the ten seconds that whoever sends SIGTERM waits: for what is under way, and for what we hold ourselves. */
const DRAIN_MS = 6_000;
const CUT_MS = 6_500;
const CLOSE_MS = 1_500;
/** What has arrived by then is read before, and told that the gateway ends. */
const HANG_UP_MS = 50;

const DEMO_NOTE =
  'There are no keys: KIS is played here, and all prices are invented. KIS_APP_KEY and KIS_APP_SECRET switch to KIS.';
