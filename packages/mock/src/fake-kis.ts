import type { Dispatcher } from 'undici';
import { type Account, type Credentials, createAccounts, hashOf } from './accounts.ts';
import { type Call, readCall } from './call.ts';
import { duration, fields, integer, isWellFormedKey, oneOf, text } from './check.ts';
import { type MockControl, readControl } from './control.ts';
import { createFakeDispatcher } from './dispatcher.ts';
import { createEndpoints } from './endpoints/endpoints.ts';
import { ConnectionCutError } from './errors.ts';
import { createFaults } from './faults.ts';
import { createGateway } from './gateway.ts';
import { KRX_PATH, MASTER_FILES_PATH } from './hosts.ts';
import { createJournal, type Effects, type MockLog } from './journal.ts';
import { createKrxAccess, type KrxKey } from './krx/krx-keys.ts';
import { createKrxReply } from './krx/krx-reply.ts';
import { createKrxServices } from './krx/krx-services.ts';
import { delay, drawDelays } from './latency.ts';
import { createIndices } from './market/indices.ts';
import { createMarket } from './market/market.ts';
import type { FakeSymbol } from './market/symbols.ts';
import { createMasterFiles } from './master/master-files.ts';
import { masterReply } from './master/master-reply.ts';
import { createOauth } from './oauth.ts';
import { createOverseasMarket } from './overseas/overseas-market.ts';
import type { Clock } from './ports.ts';
import { createRandom } from './random.ts';
import type { Reply } from './reply.ts';
import { createGreeting, createResponse } from './response.ts';
import { createScenario, type RecordedReply } from './scenario.ts';
import { readSettings, type Settings } from './settings.ts';
import { createSystemClock } from './system-clock.ts';
import { createTokenDesk } from './token-desk.ts';
import { createBrokerage, isAccountNo } from './trading/brokerage.ts';

/** Of won, so that sums stay exact. */
const MAX_CASH = 1_000_000_000_000;

export interface FakeKisOptions {
  /** Default: `'real'`. */
  readonly environment?: 'real' | 'virtual' | undefined;
  /** Calls of /uapi that are accepted in any 1,000 ms, per app key. Default: 18, and 1 in the virtual environment. */
  readonly limit?: number | undefined;
  /** A question for a token sooner than this after the last one that was answered gets EGW00133. Default: 60,000. */
  readonly issueIntervalMs?: number | undefined;
  /** A token younger than this is given again instead of a new one. Default: 21,600,000 (six hours). */
  readonly sameTokenMs?: number | undefined;
  /** Default: 86,400,000 (a day). */
  readonly tokenLifeMs?: number | undefined;
  /** What a call of tokenP takes: half of it passes before the call is judged, half after. Default: 0. */
  readonly tokenLatencyMs?: number | undefined;
  /** What any other call takes, in the same halves. Default: 0. */
  readonly latencyMs?: number | undefined;
  /** Up to so much more before a call is judged. Default: 0. */
  readonly jitterMs?: number | undefined;
  /** Up to so much more before 2 % of the calls are judged. Default: 0. */
  readonly tailMs?: number | undefined;
  /** HTTP status of EGW00123. Default: 500. */
  readonly deadTokenStatus?: 200 | 500 | undefined;
  /** How many stocks there are, at most 20,000. Default: 2,600. */
  readonly symbols?: number | undefined;
  /** Of prices and jitter. Default: 1. */
  readonly seed?: number | undefined;
  /** The only keys that are let in. Default: any well-formed key; the first secret that comes with it is its own. */
  readonly credentials?: readonly Credentials[] | undefined;
  /** The only keys of the Korea Exchange's API that are let in. Default: any well-formed key, to all services. */
  readonly krxKeys?: readonly KrxKey[] | undefined;
  /** What every account has at first, in won. Default: 100,000,000. */
  readonly cash?: number | undefined;
  /** Replies to give instead of the market's: recorded ones, or a JSON file of them. Default: none. */
  readonly scenario?: string | readonly RecordedReply[] | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** Where a request comes from, for those who serve the fake. */
export interface RequestContext {
  /** Any object that stands for the connection; the log counts them. */
  readonly socket?: object | undefined;
  /** Aborts the wait for the fake's own latency. */
  readonly signal?: AbortSignal | undefined;
}

/** KIS's Open API without KIS. */
export interface FakeKis {
  /** Which of KIS's two hosts it stands for. */
  readonly environment: 'real' | 'virtual';
  /** Answers as KIS would. Rejects with `code` `'ECONNRESET'` where `failNext.cut` closes the connection. */
  handle(request: Request, context?: RequestContext): Promise<Response>;
  /** For undici's `request`, `fetch` and pools: every request ends here, whatever its origin. */
  readonly dispatcher: Dispatcher;
  /** Well-known ones first. */
  readonly symbols: readonly FakeSymbol[];
  /** Of all app keys, or of one. */
  log(appKey?: string): MockLog;
  /** Throws a TypeError or RangeError that names a bad field, and then changes nothing. */
  control(control: MockControl): void;
}

/** Throws a RangeError or TypeError that names the option. */
export function createFakeKis(options: FakeKisOptions = {}): FakeKis {
  const environment = oneOf('environment', options.environment ?? 'real', ['real', 'virtual']);
  const seed = integer('seed', options.seed ?? 1, 0);
  const clock = options.clock ?? createSystemClock();
  const settings: Settings = {
    limit: environment === 'real' ? 18 : 1,
    latencyMs: 0,
    jitterMs: 0,
    tailMs: 0,
    tokenLatencyMs: 0,
    issueIntervalMs: 60_000,
    sameTokenMs: 21_600_000,
    deadTokenStatus: 500,
    ...readSettings(options),
  };
  const lifeMs = duration('tokenLifeMs', options.tokenLifeMs ?? 86_400_000);
  const symbolCount = integer('symbols', options.symbols ?? 2_600, 1, 20_000);
  const credentials = readCredentials(options.credentials);
  const krxAccess = createKrxAccess(options.krxKeys);
  const accounts = createAccounts({ settings, credentials });
  const cash = integer('cash', options.cash ?? 100_000_000, 0, MAX_CASH);

  const market = createMarket({ symbols: symbolCount, seed });
  const brokerage = createBrokerage({ market, cash, owners: credentials ?? [] });
  // Of each host its own, so that neither knows the other's tokens.
  const random = createRandom(seed, environment === 'real' ? 1 : 3);
  const jitter = createRandom(seed, 2);
  const desk = createTokenDesk({ clock, random, lifeMs });
  const faults = createFaults();
  const journal = createJournal();
  const oauth = createOauth({ accounts, desk, random });
  const scenario = options.scenario === undefined ? undefined : createScenario(options.scenario);
  const overseas = createOverseasMarket({ seed });
  const indices = createIndices(market, seed);
  const masterFiles = createMasterFiles(indices, overseas);
  const krxReply = createKrxReply({ services: createKrxServices(market, indices), access: krxAccess });
  const endpoints = createEndpoints({ market, indices, overseas, brokerage, seed });
  const gateway = createGateway({ accounts, desk, clock, environment, endpoints, scenario });

  const judge = (call: Call, effects: Effects): Reply => {
    if (call.path.startsWith('/uapi/')) return gateway(call, effects);
    if (call.path.startsWith(MASTER_FILES_PATH)) return masterReply(masterFiles, call, clock.nowMs());
    if (call.path.startsWith(KRX_PATH)) return krxReply(call, clock.nowMs());
    return oauth(call, effects);
  };

  const answer = async (call: Call, { socket, signal }: RequestContext): Promise<Response> => {
    const current = accounts.find(call.appKey)?.settings ?? accounts.defaults;
    const { beforeMs, afterMs } = drawDelays(current, call.path === '/oauth2/tokenP', jitter);
    if (beforeMs > 0) await delay(clock, beforeMs, signal);

    const fault = faults.take(call);
    if (fault?.cut === 'before') throw new ConnectionCutError();
    const effects: Effects = { isNewToken: false, inWindow: 0 };
    const reply = fault?.reply ?? judge(call, effects);
    const { status, kisCode } = reply;
    const { path, trId, appKey } = call;
    const nowMs = clock.nowMs();
    const account = accounts.find(appKey);
    const entry = { atMs: nowMs, appKeyHash: account?.appKeyHash ?? hashOf(appKey), path, trId, kisCode, status };
    for (const book of account ? [journal, account.journal] : [journal]) book.write(entry, effects, socket);

    if (afterMs > 0) await delay(clock, afterMs, signal);
    if (fault?.cut === 'after') throw new ConnectionCutError();
    return createResponse(reply, call, { nowMs, random, neverEnds: fault?.cut === 'never-ends' });
  };

  const control = (given: MockControl): void => {
    const orders = readControl(given);
    const only = orders.appKey === undefined ? undefined : accounts.admit(orders.appKey);
    if (orders.appKey !== undefined && !only) throw new RangeError('mock: `appKey` is none that is let in');
    const concerned: Iterable<Account> = only ? [only] : accounts.all();

    if (!only) Object.assign(accounts.defaults, orders.settings);
    if (!only && orders.clearLog) journal.clear();
    if (orders.failNext) faults.order(orders.failNext, orders.appKey);
    for (const account of concerned) {
      Object.assign(account.settings, orders.settings);
      if (orders.killToken) desk.kill(account, orders.killToken);
      if (orders.clearLog) account.journal.clear();
    }
  };

  const log = (appKey?: string): MockLog =>
    appKey === undefined ? journal.read() : (accounts.find(appKey)?.journal ?? createJournal()).read();

  const handle = async (request: Request, context: RequestContext = {}): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname === '/__log') return Response.json(log(url.searchParams.get('appKey') ?? undefined));
    if (url.pathname === '/' && request.method === 'GET') return createGreeting(clock.nowMs());
    if (url.pathname === '/__control') return controlResponse(await request.text(), control);
    return answer(await readCall(request, url), context);
  };

  return { environment, handle, dispatcher: createFakeDispatcher(handle), symbols: market.symbols, log, control };
}

function controlResponse(body: string, control: (given: MockControl) => void): Response {
  try {
    control(JSON.parse(body));
    return Response.json({});
  } catch (error) {
    const message = error instanceof SyntaxError || !(error instanceof Error) ? 'mock: not JSON' : error.message;
    return Response.json({ error: message }, { status: 400 });
  }
}

function readCredentials(given: FakeKisOptions['credentials']): readonly Credentials[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw new TypeError('mock: `credentials` must be an array');
  const credentials = given.map((one, index) => {
    const name = `credentials[${index}]`;
    const { appKey, appSecret, accountNo } = fields(name, one, ['appKey', 'appSecret', 'accountNo'], 'secret');
    for (const [field, value] of Object.entries({ appKey, appSecret })) {
      if (!isWellFormedKey(value)) throw new TypeError(`mock: \`${name}.${field}\` must be a string without blanks`);
    }
    if (accountNo !== undefined && !isAccountNo(accountNo)) {
      throw new TypeError(`mock: \`${name}.accountNo\` must be eight digits, a dash and two digits`);
    }
    return { appKey: text(name, appKey), appSecret: text(name, appSecret), accountNo };
  });
  for (const field of ['appKey', 'accountNo'] as const) {
    for (const [index, { [field]: value }] of credentials.entries()) {
      const first = credentials.findIndex((one) => one[field] === value);
      if (value === undefined || first === index) continue;
      throw new RangeError(`mock: \`credentials[${index}].${field}\` is that of \`credentials[${first}]\``);
    }
  }
  return credentials;
}
