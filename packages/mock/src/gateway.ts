import type { AccessToken } from './access-token.ts';
import { type Account, type Accounts, acceptsSecret } from './accounts.ts';
import type { Call } from './call.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import { HASHKEY_PATH, hashkeyReply } from './hashkey.ts';
import type { Effects } from './journal.ts';
import { readParams, strayValue } from './params.ts';
import type { Clock } from './ports.ts';
import { invalidParam, type Reply, uapiRefusal } from './reply.ts';
import type { Scenario } from './scenario.ts';
import type { TokenDesk } from './token-desk.ts';

const WINDOW_MS = 1_000;

/** The paths under /uapi: who asks, how often, for what, and with which parameters, in this order. */
export function createGateway(options: {
  readonly accounts: Accounts;
  readonly desk: TokenDesk;
  readonly clock: Clock;
  readonly environment: 'real' | 'virtual';
  readonly endpoints: readonly Endpoint[];
  readonly scenario: Scenario | undefined;
}): (call: Call, effects: Effects) => Reply {
  const { accounts, desk, clock, environment, endpoints, scenario } = options;

  /** The account whose token and keys these are, or the refusal; a hash needs no token. */
  const authenticate = ({ headers, appKey, path }: Call): Account | Reply => {
    const token = path === HASHKEY_PATH ? undefined : liveToken(headers);
    if (token && 'body' in token) return token;
    if (appKey === '') return uapiRefusal('EGW00102');
    const account = path === HASHKEY_PATH ? accounts.admit(appKey) : accounts.find(appKey);
    if (!account) return uapiRefusal('EGW00103');
    if (token && token.appKey !== appKey) return uapiRefusal('EGW00121');
    const appSecret = headers.get('appsecret');
    if (!appSecret) return uapiRefusal('EGW00104');
    return acceptsSecret(account, appSecret) ? account : uapiRefusal('EGW00304');
  };

  const liveToken = (headers: Headers): AccessToken | Reply => {
    const [, bearer] = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '') ?? [];
    if (!bearer) return uapiRefusal('EGW00205');
    const token = desk.find(bearer);
    if (!token || token.state === 'revoked') return uapiRefusal('EGW00121');
    const isDead = token.state === 'killed' || clock.nowMs() >= token.expiresAtMs;
    const { deadTokenStatus: status } = accounts.find(token.appKey)?.settings ?? accounts.defaults;
    return isDead ? uapiRefusal('EGW00123', { status }) : token;
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
    const params = readParams(call);
    const recorded = scenario?.reply({ appKey, path, trId, params: params ?? new Map() });
    if (recorded) return recorded;
    if (path === HASHKEY_PATH) return hashkeyReply(call);

    const known = endpoints.filter((endpoint) => endpoint.path === path && endpoint.method === method);
    const endpoint = known.find(({ trIds }) => trIds[environment].includes(trId));
    if (!endpoint) {
      // An account's `tr_id` of the other host; what has no `tr_id` here at all is not known at all.
      const isOfOtherHost = known.some(({ trIds }) => trIds.real.includes(trId) && trIds.virtual.length > 0);
      return uapiRefusal(isOfOtherHost ? 'EGW00205' : 'OPSQ0002');
    }
    if (!params) return uapiRefusal('OPSQ9997');
    const stray = strayValue(call);
    if (stray) return invalidParam(stray);
    const missing = endpoint.params.find((name) => !params.has(name));
    if (missing) return uapiRefusal('OPSQ2001', { text: `ERROR INPUT FIELD NOT FOUND [${missing}]` });
    const isNextPage = headers.get('tr_cont') === 'N';
    return endpoint.answer({ appKey, trId, params, isNextPage, nowMs: clock.nowMs() });
  };
}
