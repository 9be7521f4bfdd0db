import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.ts';
import { HASHKEY_PATH } from '../accounts/relay.ts';
import { bearsKey } from '../http/keys.ts';
import { type KisAnswer, uapiRefusal } from './kis-replies.ts';
import type { DropInOptions } from './options.ts';
import { isOrder, type UapiCall } from './order.ts';
import { passOn } from './pass-on.ts';
import { sendAnswer } from './send.ts';

/** Every path below /uapi: the caller's call as it is, with the account's real token and within its budget. */
export function uapiRoutes(app: FastifyInstance, options: DropInOptions): void {
  const { accounts, signalOf, isKey, needsKey, note } = options;

  /** Without the key nobody hears which app keys there are; all else in the order in which KIS looks. */
  function accountOf(request: FastifyRequest, call: UapiCall): Account | KisAnswer {
    if ((isOrder(call) || needsKey) && !bearsKey(request, isKey)) {
      const reason = 'set GATEWAY_API_KEY, and send it as appsecret or x-api-key';
      return uapiRefusal(isOrder(call) ? 'EGW00206' : 'EGW00304', { reason });
    }
    const { authorization, appkey } = request.headers;
    const [, token] = /^Bearer (.+)$/.exec(authorization ?? '') ?? [];
    const isHash = call.path === HASHKEY_PATH;
    if (token === undefined && !isHash) return uapiRefusal('EGW00205');
    if (typeof appkey !== 'string' || appkey === '') return uapiRefusal('EGW00102');
    const account = accounts.byAppKey(appkey);
    if (account === undefined) return uapiRefusal('EGW00103');
    const judged = isHash ? 'good' : account.tokens.judge(token ?? '');
    if (judged === 'good') return account;
    return uapiRefusal(judged === 'expired' ? 'EGW00123' : 'EGW00121');
  }

  app.all('/uapi/*', async (request, reply) => {
    const call = callOf(request);
    reply.headers({ tr_id: call.trId, tr_cont: '', gt_uid: randomBytes(16).toString('hex') });
    const account = accountOf(request, call);
    if ('body' in account) return sendAnswer(reply, account);
    if (!isPossible(call)) return sendAnswer(reply, uapiRefusal('OPSQ0002'));
    return passOn({ account, call, request, reply, signal: signalOf(reply), note });
  });
}

function callOf({ method, raw, headers }: FastifyRequest): UapiCall {
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(raw.url ?? '') ?? [];
  return { method, path, query, trId: /^\w+$/.exec(String(headers.tr_id ?? ''))?.[0] ?? '' };
}

/** What KIS does not know, and the client would take for a mistake of its own caller. KIS's orders are POSTs, all of them. */
function isPossible(call: UapiCall): boolean {
  const { method, path, trId } = call;
  const isPlain = /^(?:\/[\w.-]+)+\/?$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path);
  const isKnown = method === 'POST' || (method === 'GET' && !isOrder(call));
  return isKnown && isPlain && (trId !== '' || path === HASHKEY_PATH);
}
