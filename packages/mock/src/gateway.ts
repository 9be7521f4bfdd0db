import { type Account, type Accounts, acceptsSecret } from './accounts.ts';
import type { Call } from './call.ts';
import type { Endpoint, Params } from './endpoints/endpoint.ts';
import type { Effects } from './journal.ts';
import type { Clock } from './ports.ts';
import { type Reply, uapiRefusal } from './reply.ts';
import type { TokenDesk } from './token-desk.ts';

const WINDOW_MS = 1_000;

/** The paths under /uapi: who asks, how often, for what, and with which parameters, in this order. */
export function createGateway(options: {
  readonly accounts: Accounts;
  readonly desk: TokenDesk;
  readonly clock: Clock;
  readonly environment: 'real' | 'virtual';
  readonly endpoints: readonly Endpoint[];
}): (call: Call, effects: Effects) => Reply {
  const { accounts, desk, clock, environment, endpoints } = options;

  /** The account whose token and keys these are, or the refusal. */
  const authenticate = ({ headers, appKey }: Call): Account | Reply => {
    const [, bearer] = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '') ?? [];
    if (!bearer) return uapiRefusal('EGW00205');
    const token = desk.find(bearer);
    if (!token || token.state === 'revoked') return uapiRefusal('EGW00121');
    if (token.state === 'killed' || clock.nowMs() >= token.expiresAtMs) {
      return uapiRefusal('EGW00123', { status: accounts.find(token.appKey)?.settings.deadTokenStatus });
    }
    if (appKey === '') return uapiRefusal('EGW00102');
    const account = accounts.find(appKey);
    if (!account) return uapiRefusal('EGW00103');
    if (token.appKey !== appKey) return uapiRefusal('EGW00121');
    const appSecret = headers.get('appsecret');
    if (!appSecret) return uapiRefusal('EGW00104');
    return acceptsSecret(account, appSecret) ? account : uapiRefusal('EGW00304');
  };

  /** Takes a slot of the window; a refused call takes none. The count with this call, or 0. */
  const arrive = ({ accepted, settings }: Account): number => {
    const nowMs = clock.monotonicMs();
    while (accepted[0] !== undefined && accepted[0] <= nowMs - WINDOW_MS) accepted.shift();
    return accepted.length < settings.limit ? accepted.push(nowMs) : 0;
  };

  return (call, effects) => {
    const account = authenticate(call);
    if ('body' in account) return account;
    effects.inWindow = arrive(account);
    if (effects.inWindow === 0) return uapiRefusal('EGW00201');

    const { method, path, trId, headers, appKey } = call;
    const known = endpoints.filter((endpoint) => endpoint.path === path && endpoint.method === method);
    const endpoint = known.find(({ trIds }) => trIds[environment].includes(trId));
    if (!endpoint) {
      // An account's `tr_id` of the other host; what has no `tr_id` here at all is not known at all.
      const isOfOtherHost = known.some(({ trIds }) => trIds.real.includes(trId) && trIds.virtual.length > 0);
      return uapiRefusal(isOfOtherHost ? 'EGW00205' : 'OPSQ0002');
    }
    const params = readParams(call);
    if (!params) return uapiRefusal('OPSQ9997');
    const missing = endpoint.params.find((name) => !params.has(name));
    if (missing) return uapiRefusal('OPSQ2001', { text: `ERROR INPUT FIELD NOT FOUND [${missing}]` });
    const isNextPage = headers.get('tr_cont') === 'N';
    return endpoint.answer({ appKey, trId, params, isNextPage, nowMs: clock.nowMs() });
  };
}

/** From the query, or from the body of a POST, whose values must be strings; undefined when it has none that can be read. */
function readParams({ method, query, fields }: Call): Params | undefined {
  if (method === 'GET') {
    return new Map(Array.from(query, ([name, value]) => [/^fid_/i.test(name) ? name.toUpperCase() : name, value]));
  }
  const entries = fields && Object.entries(fields);
  return entries && new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
