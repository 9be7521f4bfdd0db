import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.ts';
import { HASHKEY_PATH, type RelayReply } from '../accounts/relay.ts';
import type { Problems } from '../live/problems.ts';
import { unanswered } from './failure.ts';
import { uapiRefusal } from './kis-replies.ts';
import { isOrder, type UapiCall } from './order.ts';
import { sendAnswer } from './send.ts';

/** KIS's own of a call, which pass as they are; keys and token are the gateway's business. */
const PASSED = [
  'content-type',
  'tr_cont',
  'custtype',
  'hashkey',
  'personalseckey',
  'seq_no',
  'mac_address',
  'phone_number',
  'ip_addr',
  'gt_uid',
];

/** Sends a call to KIS, and its answer back; tells of what KIS refuses, and of every order what became of it. */
export async function passOn(options: {
  readonly account: Account;
  readonly call: UapiCall;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly signal: AbortSignal;
  readonly note: Problems['note'];
}): Promise<FastifyReply> {
  const { account, call, request, reply, signal, note } = options;
  const { path, query } = call;
  const method = call.method === 'POST' ? 'POST' : 'GET';
  const trId = path === HASHKEY_PATH ? 'hashkey' : call.trId;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const ofOrder = isOrder(call);
  const startedMs = performance.now();

  /** Of an order it is to be known afterwards what became of it, and never what was in it. */
  function logOrder(outcome: object): void {
    if (!ofOrder) return;
    const durationMs = Math.round(performance.now() - startedMs);
    request.log.info(
      { account: account.name, path, trId, ...outcome, hasLeft: reply.raw.destroyed, durationMs },
      'order',
    );
  }

  let answer: RelayReply;
  try {
    const headers = passed(request);
    answer = await account.relay({ method, path, query, trId, body, headers, isOrder: ofOrder, signal });
  } catch (error) {
    const { code, mayHaveArrived = false } = error as { code?: unknown; mayHaveArrived?: boolean };
    logOrder({ code: typeof code === 'string' ? code : undefined, mayHaveArrived });
    if (error !== signal.reason) note(trId, error, account.name);
    return sendAnswer(reply, uapiRefusal(...unanswered(error, { ofOrder })));
  }
  logOrder(resultOf(answer));
  if (answer.refusal !== undefined) note(trId, answer.refusal, account.name);
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** What KIS says of an order, by HTTP and by its own codes: it refuses with HTTP 200, too. */
function resultOf({ status, body }: RelayReply): object {
  try {
    const { rt_cd, msg_cd } = JSON.parse(body.toString()) as Record<string, unknown>;
    return { status, rt_cd, msg_cd };
  } catch {
    return { status };
  }
}

function passed({ headers }: FastifyRequest): Record<string, string> {
  const given = PASSED.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}
