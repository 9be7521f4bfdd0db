import { type Account, type Accounts, acceptsSecret } from './accounts.ts';
import type { Call } from './call.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
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
  readonly endpoints: readonly Endpoint[];
}): (call: Call, effects: Effects) => Reply {
  const { accounts, desk, clock, endpoints } = options;

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

    const endpoint = endpoints.find(({ path, trId }) => path === call.path && trId === call.trId);
    if (!endpoint || call.method !== 'GET') return uapiRefusal('OPSQ0002');
    const params = new Map(Array.from(call.query, ([name, value]) => [name.toUpperCase(), value]));
    const missing = endpoint.params.find((name) => !params.has(name));
    if (missing) return uapiRefusal('OPSQ2001', { text: `ERROR INPUT FIELD NOT FOUND [${missing}]` });
    return endpoint.answer(params, clock.nowMs());
  };
}
