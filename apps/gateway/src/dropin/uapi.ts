import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { signalOf } from '../http/gone.ts';
import { bearsKey, type IsKey } from '../http/keys.ts';
import { answerFailure } from './failure.ts';
import { type KisAnswer, uapiRefusal } from './kis-replies.ts';
import { sendAnswer } from './send.ts';

const HASHKEY_PATH = '/uapi/hashkey';
/** KIS's own of a call, which pass as they are; keys and token are the gateway's business. */
const PASSED = ['content-type', 'tr_cont', 'custtype', 'hashkey', 'personalseckey', 'seq_no', 'mac_address'].concat([
  'phone_number',
  'ip_addr',
  'gt_uid',
]);

/**
 * Every path below /uapi: the caller's call as it is, with the account's real token and within its budget. What is no GET is an
 * order, but for a hash, and needs the gateway's key.
 */
export function uapiRoutes(
  app: FastifyInstance,
  options: {
    readonly accounts: Accounts;
    readonly isKey: IsKey;
    readonly needsKey: boolean;
    readonly onFailure: (account: string, trId: string, error: unknown) => void;
  },
): void {
  const { accounts, isKey, needsKey, onFailure } = options;

  /** In the order in which KIS looks. */
  function accountOf(request: FastifyRequest, path: string): Account | KisAnswer {
    const { authorization, appkey } = request.headers;
    const [, token] = /^Bearer (.+)$/.exec(authorization ?? '') ?? [];
    const isHash = path === HASHKEY_PATH;
    if (token === undefined && !isHash) return uapiRefusal('EGW00205');
    if (typeof appkey !== 'string' || appkey === '') return uapiRefusal('EGW00102');
    const account = accounts.byAppKey(appkey);
    if (account === undefined) return uapiRefusal('EGW00103');
    const judged = isHash ? 'good' : account.tokens.judge(token ?? '');
    if (judged !== 'good') return uapiRefusal(judged === 'expired' ? 'EGW00123' : 'EGW00121');
    const isOrder = request.method !== 'GET' && !isHash;
    if ((isOrder || needsKey) && !bearsKey(request, isKey)) {
      const reason = 'set GATEWAY_API_KEY, and send it as appsecret or x-api-key';
      return uapiRefusal(isOrder ? 'EGW00206' : 'EGW00304', { reason });
    }
    return account;
  }

  app.all('/uapi/*', async (request, reply) => {
    const [path = '', query = ''] = splitUrl(request.raw.url ?? '');
    const trId = /^\w+$/.exec(String(request.headers.tr_id ?? ''))?.[0] ?? '';
    reply.headers({ tr_id: trId, tr_cont: '', gt_uid: randomBytes(16).toString('hex') });
    const account = accountOf(request, path);
    if ('body' in account) return sendAnswer(reply, account);
    // What the client would take for a mistake of its own caller, KIS does not know.
    const isPlain = /^(?:\/[\w.-]+)+\/?$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path);
    const isKnown = request.method === 'GET' || request.method === 'POST';
    if (!isKnown || !isPlain || (trId === '' && path !== HASHKEY_PATH)) {
      return sendAnswer(reply, uapiRefusal('OPSQ0002'));
    }
    return relay(account, { request, reply, path, query, trId });
  });

  async function relay(
    account: Account,
    call: {
      readonly request: FastifyRequest;
      readonly reply: FastifyReply;
      readonly path: string;
      readonly query: string;
      readonly trId: string;
    },
  ): Promise<FastifyReply> {
    const { request, reply, path, query } = call;
    const trId = call.trId || 'hashkey';
    const method = request.method === 'POST' ? 'POST' : 'GET';
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signal = signalOf(reply);
    const isOrder = method === 'POST' && path !== HASHKEY_PATH;
    const startedMs = performance.now();
    let outcome: number | string = 'failed';
    try {
      const headers = passed(request);
      const answer = await account.relay({ method, path, query, trId, body, headers, signal });
      outcome = answer.status;
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    } catch (error) {
      outcome = (error as { code?: string }).code ?? 'failed';
      if (!signal.aborted) onFailure(account.name, trId, error);
      return sendAnswer(reply, answerFailure(error));
    } finally {
      const durationMs = Math.round(performance.now() - startedMs);
      // Of an order it is to be known afterwards that it was sent, and never what was in it.
      if (isOrder) request.log.info({ account: account.name, path, trId, outcome, durationMs }, 'order');
    }
  }
}

function passed({ headers }: FastifyRequest): Record<string, string> {
  const given = PASSED.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}

function splitUrl(url: string): [path: string, query: string] {
  const start = url.indexOf('?');
  return start < 0 ? [url, ''] : [url.slice(0, start), url.slice(start + 1)];
}
